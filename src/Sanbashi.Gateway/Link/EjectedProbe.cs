using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Link;

/// <summary>
/// While the control plane is away nobody confirms an ejected instance. The gateway then tries the door itself, outside of any request, and takes
/// an instance back that opens.
/// </summary>
internal sealed class EjectedProbe : IAsyncDisposable
{
    private readonly RoutingState _routing;
    private readonly Func<bool> _isControlPlaneThere;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _isProbing;

    public EjectedProbe(RoutingState routing, Func<bool> isControlPlaneThere, TimeProvider timeProvider, ILogger logger)
    {
        _routing = routing;
        _isControlPlaneThere = isControlPlaneThere;
        _logger = logger;
        _timer = timeProvider.CreateTimer(static state => _ = ((EjectedProbe)state!).Probe(), this, GatewayDefaults.EjectedProbeInterval, GatewayDefaults.EjectedProbeInterval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private async Task Probe()
    {
        if (_isControlPlaneThere() || Interlocked.Exchange(ref _isProbing, 1) == 1)
        {
            return;
        }

        try
        {
            foreach (var service in _routing.Services())
            {
                foreach (var instance in service.Instances())
                {
                    if (instance.Standing == InstanceStanding.Ejected && await Opens(instance.Address).ConfigureAwait(false))
                    {
                        service.Readmit(instance);
                        _logger.InstanceReadmitted(service.Id, instance.Id);
                    }
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isProbing, 0);
        }
    }

    private static async Task<bool> Opens(string address)
    {
        var colon = address.LastIndexOf(':');
        using var timeout = new CancellationTokenSource(GatewayDefaults.EjectedProbeInterval);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture), timeout.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Still closed: the answer, not a failure.
            return false;
        }
    }
}
