using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Sanbashi.Wire;

/// <summary>
/// Matches a model's patterns. Holds at most one expression per distinct pattern of the models loaded, so its size is
/// bounded by them and not by what callers send.
/// </summary>
internal static class PatternCache
{
    /// <summary>
    /// How long one match may take; a text that needs longer counts as not matching. By the clock, and on a busy machine a thread may wait for the processor for
    /// longer than any match takes: so much that only what never ends is stopped.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly ConcurrentDictionary<string, Regex> Expressions = new(StringComparer.Ordinal);

    public static bool Matches(string pattern, string text)
    {
        // Users keep PEM keys and other multi-line texts in variables that the model types as ".*".
        if (pattern is ".*" or "^.*$")
        {
            return true;
        }

        try
        {
            return Expressions.GetOrAdd(pattern, Compile).IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex Compile(string pattern)
    {
        // ECMAScript keeps \w and \d to ASCII. "\z", because "$" would let a trailing line end pass. Unicode classes do
        // not exist in that dialect, so the few patterns that use them get .NET's own.
        var anchored = $@"\A(?:{pattern})\z";
        var dialect = pattern.Contains(@"\p{", StringComparison.Ordinal) ? RegexOptions.CultureInvariant : RegexOptions.ECMAScript;
        return new Regex(anchored, dialect, Timeout);
    }
}
