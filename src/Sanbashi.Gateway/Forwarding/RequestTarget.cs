namespace Sanbashi.Gateway.Forwarding;

/// <summary>What follows the origin in the address of a forwarded request: the client's own bytes, not a decoded and re-encoded form of them.</summary>
internal static class RequestTarget
{
    // Escapes and dot segments belong to the application, which has to see what the client sent.
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static Uri At(string origin, string rawTarget) => new(string.Concat(origin, PathAndQuery(rawTarget)), Verbatim);

    /// <summary>Path and query of an origin-form or absolute-form target.</summary>
    public static ReadOnlySpan<char> PathAndQuery(ReadOnlySpan<char> rawTarget)
    {
        if (rawTarget.Length > 0 && rawTarget[0] == '/')
        {
            return rawTarget;
        }

        var scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return "/";
        }

        var authority = rawTarget[(scheme + 3)..];
        var path = authority.IndexOfAny('/', '?');
        return path < 0 ? "/" : authority[path] == '?' ? string.Concat("/", authority[path..]) : authority[path..];
    }

    /// <summary>The path alone, for the access log: a query may carry secrets.</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> rawTarget)
    {
        var target = PathAndQuery(rawTarget);
        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }
}
