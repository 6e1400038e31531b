using System.Net;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Names;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>Name servers in the VPCs that have an endpoint: there the platform's names mean this machine's address in the VPC.</summary>
internal sealed class EndpointNames(string domain, TimeProvider timeProvider, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly NameServer _server = new(domain, timeProvider, loggers.CreateLogger<NameServer>());

    /// <summary>One per VPC; touched by one caller at a time.</summary>
    private readonly Dictionary<IPAddress, (CancellationTokenSource Stop, Task Serving)> _serving = [];

    /// <summary>Serves at these addresses, and no longer at others.</summary>
    public async Task Follow(IReadOnlyCollection<IPAddress> addresses)
    {
        foreach (var gone in _serving.Keys.Except(addresses).ToList())
        {
            await Stop(gone);
        }

        foreach (var address in addresses.Except(_serving.Keys).ToList())
        {
            var stop = new CancellationTokenSource();
            _serving.Add(address, (stop, Serve(address, stop.Token)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var address in _serving.Keys.ToList())
        {
            await Stop(address);
        }
    }

    private async Task Serve(IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await _server.Run(address, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task Stop(IPAddress address)
    {
        _serving.Remove(address, out var one);
        await one.Stop.CancelAsync();
        await one.Serving;
        one.Stop.Dispose();
    }
}
