using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Overload;
using Yarp.ReverseProxy.Forwarder;

namespace Sanbashi.Gateway.Hosting;

/// <summary>The web server with the gateway's limits. Only its parts are taken from the framework's container; there is no host and no pipeline.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _parts;
    private readonly IServer _server;

    private GatewayServer(WebApplication parts)
    {
        _parts = parts;
        _server = parts.Services.GetRequiredService<IServer>();
    }

    public IHttpForwarder Forwarder => _parts.Services.GetRequiredService<IHttpForwarder>();

    /// <summary>Where the server listens, as URLs, in the order of the listeners.</summary>
    public IReadOnlyList<string> Addresses => [.. _server.Features.Get<IServerAddressesFeature>()!.Addresses];

    public static GatewayServer Build(GatewayOptions options, CertificateShelf? certificates, MemoryGuard memory, ILoggerFactory loggerFactory)
    {
        // Only CR LF ends a line: a bare LF is where proxies disagree about what a message is (RFC 9112, 2.2).
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(new ServerLogging(loggerFactory));
        builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();

        // One thread hop less per direction. It demands that nothing on the request path ever blocks.
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            SetLimits(kestrel, options);
            var gate = new ConnectionGate(options.MaxConnections, options.MaxListenerConnections, memory);
            foreach (var listener in options.Listeners)
            {
                Listen(kestrel, listener, gate, certificates);
            }
        });
        return new GatewayServer(builder.Build());
    }

    public Task Start(GatewayApplication application, CancellationToken cancellationToken) => _server.StartAsync(application, cancellationToken);

    /// <summary>Closes the listening sockets of this process, lets open requests finish until the token is cancelled, then cuts them.</summary>
    public Task Stop(CancellationToken cutOff) => _server.StopAsync(cutOff);

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static void SetLimits(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;

        // Latin-1 maps every byte to one character and back, so header values arrive as they were sent.
        kestrel.RequestHeaderEncodingSelector = static name => name switch
        {
            "Connection" => ConnectionHeaderEncoding.Instance,
            "Content-Length" => ContentLengthEncoding.Instance,
            _ => Encoding.Latin1,
        };
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = GatewayDefaults.MaxRequestHeadersBytes;
        limits.MaxRequestHeaderCount = GatewayDefaults.MaxRequestHeaderCount;
        limits.MaxRequestLineSize = GatewayDefaults.MaxRequestLineBytes;
        limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        limits.KeepAliveTimeout = GatewayDefaults.KeepAliveTimeout;
        limits.MaxConcurrentConnections = null;
        limits.MaxConcurrentUpgradedConnections = null;
        limits.MaxRequestBodySize = null;

        // Slow is not wrong: the service's request time, or the idle time of a stream, is the bound.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.Http2.MaxStreamsPerConnection = GatewayDefaults.MaxHttp2Streams;
        limits.Http2.InitialStreamWindowSize = GatewayDefaults.Http2StreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = GatewayDefaults.Http2ConnectionWindowBytes;
        limits.Http2.MaxRequestHeaderFieldSize = GatewayDefaults.MaxRequestHeadersBytes;
        limits.Http2.KeepAlivePingDelay = GatewayDefaults.Http2PingDelay;
        limits.Http2.KeepAlivePingTimeout = GatewayDefaults.Http2PingTimeout;
    }

    private static void Listen(KestrelServerOptions kestrel, GatewayListener listener, ConnectionGate gate, CertificateShelf? certificates)
    {
        void Configure(ListenOptions listen)
        {
            gate.Guard(listen);
            listen.Protocols = listener.Kind switch
            {
                ListenerKind.Https => HttpProtocols.Http1AndHttp2,
                ListenerKind.CleartextHttp2 => HttpProtocols.Http2,
                _ => HttpProtocols.Http1,
            };
            if (listener.Kind == ListenerKind.Https)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = GatewayDefaults.TlsHandshakeTimeout,
                    OnConnection = context => ValueTask.FromResult(certificates!.For(context.ClientHelloInfo.ServerName)),
                });
            }
        }

        if (listener.Handle is { } handle)
        {
            kestrel.ListenHandle(handle, Configure);
        }
        else
        {
            kestrel.Listen(listener.EndPoint!, Configure);
        }
    }
}
