using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>One reader of the engine's events. They come in order, late, some of them twice; with a broken connection those in between are lost.</summary>
internal sealed class EngineSubscription(World world, SimulatedProcess process)
{
    private readonly Queue<EngineEvent> _arrived = new();
    private TaskCompletionSource? _waiting;
    private TimeSpan _lastArrival;
    private int _connection;

    public bool IsConnected { get; private set; }

    public bool IsAlive => process.IsAlive;

    public void Connect()
    {
        if (!IsConnected && world.Engine.IsUp)
        {
            IsConnected = true;
            _connection++;
            Deliver(new EngineEvent(EngineEventKind.Connected, null, null, null, null));
        }
    }

    /// <summary>Events on their way still arrive; what happens from now on is lost until it connects again.</summary>
    public void Break(TimeSpan reconnectAfter)
    {
        if (IsConnected)
        {
            IsConnected = false;
            Deliver(new EngineEvent(EngineEventKind.Disconnected, null, null, null, null, "the connection was closed"));
        }

        world.Later(reconnectAfter, Retry);
    }

    public void Send(EngineEvent happened)
    {
        if (!IsConnected)
        {
            return;
        }

        Deliver(happened);
        if (world.Faults.DuplicatesEvent())
        {
            Deliver(happened);
        }
    }

    public async Task<EngineEvent> Next(CancellationToken cancellationToken)
    {
        while (_arrived.Count == 0)
        {
            _waiting = new TaskCompletionSource();
            using var registration = cancellationToken.Register(static waiting => ((TaskCompletionSource)waiting!).TrySetCanceled(), _waiting);
            await _waiting.Task;
        }

        return _arrived.Dequeue();
    }

    private void Retry()
    {
        if (!IsAlive || IsConnected)
        {
            return;
        }

        if (world.Engine.IsUp)
        {
            Connect();
        }
        else
        {
            world.Later(world.Between(100, 2000), Retry);
        }
    }

    private void Deliver(EngineEvent happened)
    {
        var arrival = world.Now + world.Faults.EventDelay();
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival + TimeSpan.FromTicks(1);
        world.Send(process, _lastArrival - world.Now, () =>
        {
            _arrived.Enqueue(happened);
            _waiting?.TrySetResult();
        });
    }
}
