using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sanbashi.Domain.Parameters;

/// <summary>What a parameter may be called: a word, or a path of up to 15 words that begins with a slash.</summary>
public static partial class ParameterName
{
    public const int MaxLevels = 15;
    public const int MaxLength = 1011;

    /// <summary>What a cursor of a page may hold; longer names are shortened in it.</summary>
    private const int SortLength = 600;

    private const string Form = "If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_";

    /// <summary>What is wrong with a name; null when nothing is. The depth of its path is not looked at.</summary>
    public static string? Problem(string name)
    {
        if (name.Length > MaxLength)
        {
            return $"Parameter name must have at most {MaxLength} characters.";
        }

        if (name.Contains('/', StringComparison.Ordinal) && name[0] != '/')
        {
            return "Parameter name must be a fully qualified name.";
        }

        if (name.EndsWith('/'))
        {
            return "Parameter name must not end with slash.";
        }

        return !Valid().IsMatch(name) || HasPrefix(name, "ssm") || (HasPrefix(name, "aws") && Levels(name) > 0)
            ? $"Parameter name: can't be prefixed with \"{(Levels(name) > 0 ? "aws\" or \"ssm" : "ssm")}\" (case-insensitive). {Form}"
            : null;
    }

    /// <summary>AWS keeps words with this beginning for itself.</summary>
    public static bool IsReserved(string name) => Levels(name) == 0 && HasPrefix(name, "aws");

    /// <summary>Whether a text is a path below which parameters may be: a name with slashes, or the slash alone.</summary>
    public static bool IsPath(string path) => path.StartsWith('/') && (path == "/" || Problem(path.TrimEnd('/')) is null);

    public static int Levels(string name) => name.Count(static c => c == '/');

    /// <summary>Words lie below the root.</summary>
    /// <param name="path">With or without a slash at its end.</param>
    public static bool IsBelow(string name, string path, bool isRecursive)
    {
        var (whole, prefix) = (name.StartsWith('/') ? name : "/" + name, path.TrimEnd('/') + "/");
        return whole.StartsWith(prefix, StringComparison.Ordinal) && (isRecursive || !whole[prefix.Length..].Contains('/', StringComparison.Ordinal));
    }

    /// <summary>A document's id for a name, which may be longer than ids are.</summary>
    public static string Key(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>The order of lists: that of names, as far as a cursor can hold them.</summary>
    public static string SortKey(string name)
    {
        if (name.Length <= SortLength)
        {
            return name;
        }

        var key = Key(name);
        return name[..(SortLength - key.Length)] + key;
    }

    private static bool HasPrefix(string name, string prefix) => name.TrimStart('/').StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A/?[A-Za-z0-9_.\-]+(/[A-Za-z0-9_.\-]+)*\z")]
    private static partial Regex Valid();
}
