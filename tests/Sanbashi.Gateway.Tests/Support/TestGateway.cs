using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Hosting;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>A real gateway on free ports with a folder of its own.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private TestGateway(GatewayHost host, string folder)
    {
        Host = host;
        Folder = folder;
        Address = new Uri(host.Addresses[0]);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
        {
            BaseAddress = Address,
            DefaultRequestHeaders = { Host = Routes.Host },
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public GatewayHost Host { get; }

    public string Folder { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public string SnapshotPath => Path.Combine(Folder, "routes.json");

    public string LogFolder => Path.Combine(Folder, "logs");

    /// <summary>A gateway without a control plane that serves these routes.</summary>
    public static Task<TestGateway> Serving(params ServiceRoute[] routes) => Serving(null, routes);

    /// <summary>The same with other options.</summary>
    public static async Task<TestGateway> Serving(Func<GatewayOptions, GatewayOptions>? change, params ServiceRoute[] routes)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-").FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "routes.json"), JsonSerializer.SerializeToUtf8Bytes(new RoutingSnapshot(1, 1, routes), RoutingJsonContext.Default.RoutingSnapshot));
        return await Start(folder, change);
    }

    /// <summary>The same on a port for HTTP/2 without TLS.</summary>
    public static Task<TestGateway> ServingHttp2(params ServiceRoute[] routes) =>
        Serving(static options => options with { Listeners = [GatewayListener.Bind(ListenerKind.CleartextHttp2, new IPEndPoint(IPAddress.Loopback, 0))] }, routes);

    public static async Task<TestGateway> Start(string? folder = null, Func<GatewayOptions, GatewayOptions>? change = null, ILoggerFactory? loggerFactory = null)
    {
        folder ??= Directory.CreateTempSubdirectory("gateway-").FullName;
        var options = new GatewayOptions
        {
            Listeners = [GatewayListener.Bind(ListenerKind.Http, new IPEndPoint(IPAddress.Loopback, 0))],
            SnapshotPath = Path.Combine(folder, "routes.json"),
            LogFolder = Path.Combine(folder, "logs"),
            DrainTimeout = TimeSpan.FromSeconds(10),
        };
        return new TestGateway(await GatewayHost.Start(change?.Invoke(options) ?? options, loggerFactory ?? NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None), folder);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
