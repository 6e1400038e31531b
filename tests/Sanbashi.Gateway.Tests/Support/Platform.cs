using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>A control plane's hub and gateways that are connected to it.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-").FullName;
    private readonly List<TestGateway> _gateways = [];

    private Platform()
    {
        Hub = MakeHub();
    }

    public GatewayHub Hub { get; private set; }

    public string SocketPath => Path.Combine(_folder, "gateway.sock");

    public ConcurrentQueue<string> Signals { get; } = new();

    /// <summary>A hub that knows these routes, and one gateway that serves them.</summary>
    public static async Task<(Platform Platform, TestGateway Gateway)> Serving(params ServiceRoute[] routes)
    {
        var platform = new Platform();
        platform.Hub.SetInitial(routes, []);
        var gateway = await platform.AddGateway();
        return (platform, gateway);
    }

    public static Platform Empty() => new();

    public async Task<TestGateway> AddGateway(string? folder = null, Func<GatewayOptions, GatewayOptions>? change = null)
    {
        var gateway = await TestGateway.Start(folder, options =>
        {
            options = options with { ControlSocketPath = SocketPath };
            return change?.Invoke(options) ?? options;
        });
        _gateways.Add(gateway);
        return gateway;
    }

    public Task Publish(ServiceRoute route) => Hub.Publish(route, CancellationToken.None).InTime();

    /// <summary>The control plane is killed; gateways go on alone.</summary>
    public ValueTask StopHub() => Hub.DisposeAsync();

    public void StartHub() => Hub = MakeHub();

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await Hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private GatewayHub MakeHub()
    {
        var hub = new GatewayHub(SocketPath, TimeProvider.System, NullLogger<GatewayHub>.Instance);
        hub.ServiceSignalled += Signals.Enqueue;
        hub.Start();
        return hub;
    }
}
