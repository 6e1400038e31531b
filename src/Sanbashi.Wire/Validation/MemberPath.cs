using System.Globalization;

namespace Sanbashi.Wire;

/// <summary>Spells paths into an input as AWS does: members in lower camel case, elements as <c>.1.member</c>.</summary>
internal static class MemberPath
{
    public static string Member(string parent, string name)
    {
        var camel = name.Length > 0 && char.IsAsciiLetterUpper(name[0]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
        return parent.Length == 0 ? camel : $"{parent}.{camel}";
    }

    public static string Element(string parent, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{parent}.{index + 1}.member");

    /// <summary>A map's value; sensitive keys are counted instead of shown.</summary>
    public static string Value(string parent, string key, int index, bool isKeySensitive) => isKeySensitive
        ? string.Create(CultureInfo.InvariantCulture, $"{parent}.{index + 1}.value")
        : $"{parent}.{Excerpt.Of(key, 40)}.member";
}
