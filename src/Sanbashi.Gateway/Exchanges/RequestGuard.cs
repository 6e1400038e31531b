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
    /// <summary>The refusal, or null for a request that may go on.</summary>
    public static GatewayAnswer? Check(HttpContext context)
    {
        var request = context.Request;
        var headers = request.Headers;
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
}
