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
                (at, position) = (star + 1, ++retry);
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
