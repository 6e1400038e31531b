using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>Headers that concern one connection only (RFC 9110, 7.6.1) and are never passed on.</summary>
internal static class HopByHop
{
    private static readonly FrozenSet<string> Always = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
        "TE", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Alt-Svc",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Cannot be named in Connection: without them the message would mean something else.</summary>
    private static readonly FrozenSet<string> EndToEnd = new[] { "Host", "Content-Length", "Content-Type", "Content-Encoding" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Always.Contains(name);

    /// <summary>Names that the Connection header declares to be for this hop, beyond those that always are; null in the usual case of none.</summary>
    public static HashSet<string>? NamedIn(StringValues connection)
    {
        HashSet<string>? names = null;
        foreach (var value in connection)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var name = value.AsSpan()[range].Trim();
                if (name.IsEmpty
                    || name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
                    || name.Equals("close", StringComparison.OrdinalIgnoreCase)
                    || name.Equals("upgrade", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                var text = name.ToString();
                if (!EndToEnd.Contains(text) && !Always.Contains(text))
                {
                    (names ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(text);
                }
            }
        }

        return names;
    }
}
