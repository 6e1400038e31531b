using Sanbashi.ControlPlane.Gateways;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>One connection between a gateway and a control plane. Messages keep their order; those on their way when it breaks are lost.</summary>
internal sealed class GatewayLink(World world, SimulatedGateway gateway, SimulatedHub hub, SimulatedProcess process)
{
    private readonly List<(long Sequence, TaskCompletionSource Applied)> _waiting = [];
    private TimeSpan _lastToGateway;
    private TimeSpan _lastToHub;

    public bool IsOpen { get; private set; } = true;

    public string GatewayName => gateway.Name;

    // ---- the hub's notes

    public long AppliedSequence { get; private set; } = -1;

    public Dictionary<string, int>? InFlight { get; set; }

    /// <summary>What is open and waiting, as last told.</summary>
    public Dictionary<LoadKey, (int Open, int Waiting)> Load { get; } = [];

    public Dictionary<string, HashSet<string>> Ejected { get; } = new(StringComparer.Ordinal);

    public Task WhenApplied(long sequence)
    {
        var applied = new TaskCompletionSource();
        _waiting.Add((sequence, applied));
        return applied.Task;
    }

    public void Apply(long sequence)
    {
        AppliedSequence = Math.Max(AppliedSequence, sequence);
        _waiting.RemoveAll(waiter => waiter.Sequence <= AppliedSequence && waiter.Applied.TrySetResult());
    }

    public void ReleaseAll()
    {
        foreach (var (_, applied) in _waiting)
        {
            applied.TrySetResult();
        }

        _waiting.Clear();
    }

    // ---- the wire

    public void ToGateway(ControlPlaneMessage message)
    {
        var arrival = InOrder(ref _lastToGateway);
        world.Later(arrival, () =>
        {
            // A message that has left a process arrives even if the process is killed.
            if (IsOpen && gateway.IsUp)
            {
                gateway.Receive(this, message);
            }
        });
    }

    public void ToHub(GatewayMessage message) => ToHub(() => hub.Receive(this, message));

    public void ToHub(Action action)
    {
        var arrival = InOrder(ref _lastToHub);
        world.Send(process, arrival, () =>
        {
            if (IsOpen)
            {
                action();
            }
        });
    }

    /// <summary>Both sides notice a moment later.</summary>
    public void Close()
    {
        if (!IsOpen)
        {
            return;
        }

        IsOpen = false;
        hub.Lose(this);
        world.Later(world.Skewed(0.1, 5), () => gateway.Disconnected(this));
    }

    private TimeSpan InOrder(ref TimeSpan last)
    {
        var arrival = world.Now + world.Faults.LinkDelay();
        last = arrival > last ? arrival : last + TimeSpan.FromTicks(1);
        return last - world.Now;
    }
}
