using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Forwarding;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Exchanges;

/// <summary>Sends who comes by plain HTTP to HTTPS.</summary>
/// <param name="port">Where HTTPS comes in.</param>
internal sealed class HttpsRedirect(int port, TrustedProxies trustedProxies)
{
    /// <summary>
    /// Not to the port for HTTP/2 without TLS, whose clients chose it for that, nor where a trusted proxy says that its client came by HTTPS:
    /// it would be sent round in a circle.
    /// </summary>
    public bool AppliesTo(HttpContext context)
    {
        var request = context.Request;
        if (request.IsHttps || HttpProtocol.IsHttp2(request.Protocol))
        {
            return false;
        }

        return !trustedProxies.Contains(context.Connection.RemoteIpAddress)
            || !request.Headers[ForwardedHeaders.Proto].ToString().Equals("https", StringComparison.OrdinalIgnoreCase);
    }

    public void Answer(HttpContext context)
    {
        var host = HostName.Of(context.Request.Headers.Host.ToString()).ToString();
        var target = RequestTarget.PathAndQuery(context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = port == 443 ? $"https://{host}{target}" : $"https://{host}:{port.ToString(CultureInfo.InvariantCulture)}{target}";
    }
}
