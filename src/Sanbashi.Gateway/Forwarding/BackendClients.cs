using System.Net;
using System.Text;
using Sanbashi.Domain.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>The clients towards instances, one per protocol, shared by all services: each keeps a pool of connections per address.</summary>
internal sealed class BackendClients : IDisposable
{
    // The exchange has its own clocks, which know what kind of answer it is; the forwarder's must never come first.
    private static readonly TimeSpan Never = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly HttpMessageInvoker _http1 = new(MakeHandler());
    private readonly HttpMessageInvoker _http2 = new(MakeHandler());

    public static ForwarderRequestConfig Http1Request { get; } = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Never,
    };

    private static ForwarderRequestConfig Http2Request { get; } = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Never,
    };

    public (HttpMessageInvoker Client, ForwarderRequestConfig Config) For(InstanceProtocol protocol) =>
        protocol == InstanceProtocol.Http1 ? (_http1, Http1Request) : (_http2, Http2Request);

    public void Dispose()
    {
        _http1.Dispose();
        _http2.Dispose();
    }

    private static SocketsHttpHandler MakeHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = GatewayDefaults.ConnectTimeout,
        PooledConnectionIdleTimeout = GatewayDefaults.InstanceConnectionIdleTimeout,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = GatewayDefaults.Http2PingDelay,
        KeepAlivePingTimeout = GatewayDefaults.Http2PingTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        MaxResponseHeadersLength = GatewayDefaults.MaxResponseHeadersKilobytes,

        // Latin-1 maps every byte to one character and back, so header values arrive as they were sent. In responses it is the default.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };
}
