namespace Sanbashi.Domain.Identity.Policies;

/// <summary>Matches texts with wildcards. Two characters that no policy can hold stand for <c>*</c> and <c>?</c>, so that a variable's value never is a wildcard.</summary>
internal static class Glob
{
    public const char Many = '\uFFFE';
    public const char One = '\uFFFF';

    private const int ArnParts = 6;

    /// <summary>Takes time in proportion to both lengths at worst: it goes back to the last star only.</summary>
    public static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> text, bool ignoreCase)
    {
        // Nearly all that do not match differ before the first wildcard or after the last one, where nothing has to be tried.
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var head = glob.IndexOfAny(Many, One);
        if (head < 0)
        {
            return glob.Equals(text, comparison);
        }

        if (!text.StartsWith(glob[..head], comparison))
        {
            return false;
        }

        glob = glob[head..];
        text = text[head..];
        var tail = glob[(glob.LastIndexOfAny(Many, One) + 1)..];
        if (!text.EndsWith(tail, comparison))
        {
            return false;
        }

        glob = glob[..^tail.Length];
        text = text[..^tail.Length];
        return glob is [Many] || MatchesInside(glob, text, ignoreCase);
    }

    private static bool MatchesInside(ReadOnlySpan<char> glob, ReadOnlySpan<char> text, bool ignoreCase)
    {
        var (at, position, star, retry) = (0, 0, -1, 0);
        while (position < text.Length)
        {
            if (at < glob.Length && glob[at] == Many)
            {
                (star, retry) = (at++, position);
            }
            else if (at < glob.Length && (glob[at] == One || Equal(glob[at], text[position], ignoreCase)))
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                retry = Next(glob, star + 1, text, retry + 1, ignoreCase);
                (at, position) = (star + 1, retry);
            }
            else
            {
                return false;
            }
        }

        while (at < glob.Length && glob[at] == Many)
        {
            at++;
        }

        return at == glob.Length;
    }

    /// <summary>Where after a star it is worth trying again: at the character that must follow, or at the end.</summary>
    private static int Next(ReadOnlySpan<char> glob, int at, ReadOnlySpan<char> text, int from, bool ignoreCase)
    {
        if (ignoreCase || at >= glob.Length || glob[at] is Many or One)
        {
            return from;
        }

        var found = text[from..].IndexOf(glob[at]);
        return found < 0 ? text.Length : from + found;
    }

    /// <summary>Each of an ARN's six parts by itself: a star does not go over a colon, except in the last part.</summary>
    public static bool MatchesArn(ReadOnlySpan<char> glob, ReadOnlySpan<char> arn)
    {
        if (glob is [Many])
        {
            return arn.StartsWith("arn:", StringComparison.Ordinal);
        }

        for (var part = 1; part < ArnParts; part++)
        {
            var (globEnd, arnEnd) = (glob.IndexOf(':'), arn.IndexOf(':'));
            if (globEnd < 0 || arnEnd < 0 || !Matches(glob[..globEnd], arn[..arnEnd], ignoreCase: false))
            {
                return false;
            }

            glob = glob[(globEnd + 1)..];
            arn = arn[(arnEnd + 1)..];
        }

        return Matches(glob, arn, ignoreCase: false);
    }

    private static bool Equal(char left, char right, bool ignoreCase) =>
        left == right || (ignoreCase && char.ToLowerInvariant(left) == char.ToLowerInvariant(right));
}
