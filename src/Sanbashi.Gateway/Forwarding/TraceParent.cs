using System.Buffers;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>The W3C trace context header, version 00: <c>00-&lt;32 hex&gt;-&lt;16 hex&gt;-&lt;2 hex&gt;</c>.</summary>
internal static class TraceParent
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a client's value can be passed on. Later versions may be longer; what this one reads must be well-formed and not all zeros.</summary>
    public static bool IsValid(ReadOnlySpan<char> value)
    {
        if (value.Length < 55 || value[2] != '-' || value[35] != '-' || value[52] != '-')
        {
            return false;
        }

        var version = value[..2];
        if (version.ContainsAnyExcept(LowerHex) || version is "ff" || (version is "00" && value.Length != 55) || (value.Length > 55 && value[55] != '-'))
        {
            return false;
        }

        var trace = value[3..35];
        var parent = value[36..52];
        return !trace.ContainsAnyExcept(LowerHex) && trace.ContainsAnyExcept('0')
            && !parent.ContainsAnyExcept(LowerHex) && parent.ContainsAnyExcept('0')
            && !value[53..55].ContainsAnyExcept(LowerHex);
    }

    /// <summary>A new trace, sampled: applications that follow their parent's decision would otherwise never record anything.</summary>
    public static string Make() => string.Create(55, 0, static (span, _) =>
    {
        "00-".CopyTo(span);
        RandomHex.Fill(span[3..35]);
        span[35] = '-';
        RandomHex.Fill(span[36..52]);
        "-01".CopyTo(span[52..]);
    });
}
