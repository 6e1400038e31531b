using System.Text;
using System.Text.RegularExpressions;

namespace Sanbashi.Engines.Builds;

/// <summary>
/// A <c>.dockerignore</c>: one pattern a line, <c>#</c> comments, <c>!</c> exceptions, the last match decides, a match of a folder is a match of all in it.
/// <c>*</c> and <c>?</c> stay within a part of the path, <c>**</c> crosses parts (Docker's rules: Go's filepath.Match and <c>**</c>).
/// </summary>
internal sealed class IgnorePatterns
{
    private readonly List<(Regex Pattern, bool IsException)> _patterns = [];

    public IgnorePatterns(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var text = line.Trim().TrimStart('\ufeff');
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            var isException = text[0] == '!';
            var pattern = Clean(isException ? text[1..].Trim() : text);
            if (pattern.Length > 0)
            {
                _patterns.Add((Translate(pattern), isException));
            }
        }
    }

    /// <summary>Whether something below an ignored folder could come back, so that it has to be walked through.</summary>
    public bool HasExceptions => _patterns.Exists(pattern => pattern.IsException);

    /// <param name="path">Relative to the context, with slashes.</param>
    public bool Ignores(string path)
    {
        var isIgnored = false;
        foreach (var (pattern, isException) in _patterns)
        {
            if (isIgnored == isException && MatchesPathOrParent(pattern, path))
            {
                isIgnored = !isException;
            }
        }

        return isIgnored;
    }

    private static bool MatchesPathOrParent(Regex pattern, string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (pattern.IsMatch(path[..end]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As Go's filepath.Clean: no empty and no "." parts, ".." taken back where possible; anchored at the context.</summary>
    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private static Regex Translate(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                    {
                        i++;
                        text.Append("(.*/)?");
                    }
                    else
                    {
                        text.Append(".*");
                    }

                    break;
                case '*':
                    text.Append("[^/]*");
                    break;
                case '?':
                    text.Append("[^/]");
                    break;
                case '[' when pattern.IndexOf(']', i + 1) is > 0 and var end:
                    text.Append('[').Append(pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)).Append(']');
                    i = end;
                    break;
                case '\\' when i + 1 < pattern.Length:
                    text.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                default:
                    text.Append(Regex.Escape(pattern[i].ToString()));
                    break;
            }
        }

        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
