namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>
/// CloudWatch Logs' filter patterns for plain text: terms that must all be there, <c>"quoted phrases"</c>, <c>-terms</c> that must not be there,
/// <c>?terms</c> of which one must be there where no other is asked for. Case matters. Patterns over JSON, columns and regular expressions are refused.
/// </summary>
internal sealed class FilterPattern
{
    private readonly List<string> _required = [];
    private readonly List<string> _optional = [];
    private readonly List<string> _excluded = [];

    private FilterPattern()
    {
    }

    /// <summary>Null matches everything.</summary>
    public static FilterPattern? Parse(string pattern)
    {
        var rest = pattern.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        if (rest[0] is '{' or '[')
        {
            throw LogErrors.InvalidParameter(
                $"Invalid filter pattern: patterns over {(rest[0] == '{' ? "JSON" : "columns")} ({pattern}) are not available in this version of Sanbashi. Use terms and \"quoted phrases\", with - to exclude and ? for either.");
        }

        var parsed = new FilterPattern();
        while (!rest.IsEmpty)
        {
            parsed.Add(ref rest);
            rest = rest.TrimStart();
        }

        return parsed;
    }

    /// <summary>Optional terms are ignored beside required ones, as CloudWatch Logs has it.</summary>
    public bool IsMatch(string text)
    {
        bool IsIn(string term) => text.Contains(term, StringComparison.Ordinal);

        return !_excluded.Any(IsIn) && (_required.Count > 0 ? _required.All(IsIn) : _optional.Count == 0 || _optional.Any(IsIn));
    }

    private void Add(ref ReadOnlySpan<char> rest)
    {
        var terms = rest[0] switch { '-' => _excluded, '?' => _optional, _ => _required };
        rest = terms == _required ? rest : rest[1..];
        if (rest.IsEmpty || rest[0] == ' ')
        {
            throw LogErrors.InvalidParameter("Invalid filter pattern: a - or ? stands alone. Put it right before a term.");
        }

        terms.Add(rest[0] == '"' ? Quoted(ref rest) : Plain(ref rest));
    }

    private static string Quoted(ref ReadOnlySpan<char> rest)
    {
        var term = new System.Text.StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return term.ToString();
            }

            // \" and \\ stand for the characters themselves.
            i += rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] is '"' or '\\' ? 1 : 0;
            term.Append(rest[i]);
        }

        throw LogErrors.InvalidParameter("Invalid filter pattern: a quoted phrase has no closing quote.");
    }

    private static string Plain(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(' ');
        var term = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? default : rest[end..];
        if (term[0] == '%')
        {
            throw LogErrors.InvalidParameter($"Invalid filter pattern: regular expressions ({term}) are not available in this version of Sanbashi. Use terms and \"quoted phrases\".");
        }

        return term.All(c => char.IsLetterOrDigit(c) || c == '_')
            ? term
            : throw LogErrors.InvalidParameter($"Invalid character(s) in term '{term}'. Put terms with anything but letters, digits and underscores in double quotes.");
    }
}
