namespace Sanbashi.Gateway.Routing;

/// <summary>The name part of a Host header or <c>:authority</c>: without port and without the dot that ends a fully qualified name. Case is left to the comparer.</summary>
internal static class HostName
{
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> host)
    {
        if (host.Length > 0 && host[0] == '[')
        {
            var end = host.IndexOf(']');
            return end < 0 ? host : host[..(end + 1)];
        }

        var colon = host.IndexOf(':');
        if (colon >= 0)
        {
            host = host[..colon];
        }

        return host.Length > 1 && host[^1] == '.' ? host[..^1] : host;
    }
}
