using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sanbashi.Wire;

/// <summary>The request target as sent. Signatures are over these characters, not over what a server makes of them.</summary>
internal static class RawTarget
{
    public static (string Path, string Query) Split(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return string.IsNullOrEmpty(target)
            ? (context.Request.Path.ToUriComponent(), context.Request.QueryString.Value is { Length: > 0 } query ? query[1..] : "")
            : Split(target);
    }

    public static (string Path, string Query) Split(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (target, "") : (target[..question], target[(question + 1)..]);
        if (!path.StartsWith('/'))
        {
            // The absolute form that is sent to proxies: http://host/path.
            var authority = path.IndexOf("://", StringComparison.Ordinal);
            var slash = authority < 0 ? -1 : path.IndexOf('/', authority + 3);
            path = slash < 0 ? "/" : path[slash..];
        }

        return (path, query);
    }
}
