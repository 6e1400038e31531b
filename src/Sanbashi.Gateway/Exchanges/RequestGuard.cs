using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Gateway.Answers;

namespace Sanbashi.Gateway.Exchanges;

/// <summary>
/// Requests that could mean one thing here and another at the instance. The server beneath refuses most malformed ones itself, bare line feeds
/// among them (<see cref="Hosting.GatewayServer"/>); what it lets through is refused here.
/// </summary>
internal static class RequestGuard
{
    /// <summary>Everything that ASCII can show; the rest of a target has to be percent-encoded (RFC 9112, 3.2).</summary>
    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static c => (char)c)]);

    /// <summary>The refusal, or null for a request that may go on.</summary>
    public static GatewayAnswer? Check(HttpContext context)
    {
        var request = context.Request;
        var headers = request.Headers;
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target.AsSpan().ContainsAnyExcept(Visible) || NamesUser(target))
        {
            return GatewayAnswer.BadTarget;
        }

        if (!request.Protocol.StartsWith("HTTP/1.", StringComparison.Ordinal) && HasConnectionHeader(headers))
        {
            return GatewayAnswer.ConnectionHeader;
        }

        if (headers.TransferEncoding.Count > 0)
        {
            // The server takes Transfer-Encoding over Content-Length and moves the latter to a header of its own making.
            if (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length") || HttpProtocol.IsHttp10(request.Protocol))
            {
                return GatewayAnswer.AmbiguousLength;
            }

            if (headers.TransferEncoding.Count != 1 || !string.Equals(headers.TransferEncoding[0], "chunked", StringComparison.OrdinalIgnoreCase))
            {
                return GatewayAnswer.UnknownTransferEncoding;
            }
        }

        return HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true }
            ? GatewayAnswer.ConnectMethod
            : null;
    }

    /// <summary>Whether a target in absolute form has a user name, which would reach the instance as a different host than the Host header's (RFC 9110, 4.2.4).</summary>
    private static bool NamesUser(string target)
    {
        if (target.Length == 0 || target[0] == '/')
        {
            return false;
        }

        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        var authority = scheme < 0 ? target : target.AsSpan(scheme + 3);
        var end = authority.IndexOfAny('/', '?');
        return (end < 0 ? authority : authority[..end]).Contains('@');
    }

    private static bool HasConnectionHeader(IHeaderDictionary headers) =>
        headers.Connection.Count > 0 || headers.KeepAlive.Count > 0 || headers.TransferEncoding.Count > 0 || headers.Upgrade.Count > 0 || headers.ContainsKey("Proxy-Connection");
}
