namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>
/// Runs a world on one thread: steps that are ready in an order drawn from the seed, and when none is, the next timer. One seed, one course of events.
/// </summary>
internal sealed class Pump(VirtualClock clock, Random random)
{
    /// <summary>What a step takes, so that moments differ.</summary>
    private const long TicksPerStep = 70;

    /// <summary>So many steps without a timer between them mean that something goes round in a circle; the busiest worlds have a few thousand.</summary>
    private const int MostStepsWithoutTimer = 1_000_000;

    private readonly List<(SimulatedProcess? Process, SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly SynchronizationContext _world = new WorldContext();
    private int _stepsWithoutTimer;

    public long Steps { get; private set; }

    /// <summary>Something was posted from another thread: the course of events is not the seed's any more.</summary>
    public bool WasDisturbed { get; private set; }

    public void Post(SimulatedProcess? process, SendOrPostCallback callback, object? state)
    {
        if (Thread.CurrentThread != _thread)
        {
            WasDisturbed |= process is not { IsAlive: false };
            return;
        }

        if (process is not { IsAlive: false })
        {
            _ready.Add((process, callback, state));
        }
    }

    /// <summary>Runs until the moment, which has come afterwards whether or not anything happens then.</summary>
    /// <param name="afterStep">Called with the process whose step it was (null: the world's).</param>
    /// <returns>False when <paramref name="afterStep"/> asked to stop.</returns>
    public bool RunUntil(TimeSpan moment, Func<SimulatedProcess?, bool> afterStep)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (Step(moment, out var process))
            {
                if (WasDisturbed)
                {
                    throw new InvalidOperationException(
                        "Something continued on another thread: code that is simulated must not use the thread pool (ConfigureAwait(false), Task.Run, CancelAsync, or WhenAny over a source that runs its continuations asynchronously).");
                }

                if (!afterStep(process))
                {
                    return false;
                }
            }

            clock.AdvanceTo(moment.Ticks);
            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private bool Step(TimeSpan until, out SimulatedProcess? process)
    {
        // A timer that is due does not wait until nothing else is left to do: where something always is, it would wait for ever.
        var isDue = clock.NextDue() <= clock.Ticks;
        while (_ready.Count > 0 && !(isDue && random.Next(2) == 0))
        {
            if (++_stepsWithoutTimer > MostStepsWithoutTimer)
            {
                throw new InvalidOperationException($"Nothing but continuations has run for {MostStepsWithoutTimer} steps, since {clock.Elapsed}.");
            }

            var index = _ready.Count == 1 ? 0 : random.Next(_ready.Count);
            var next = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            process = next.Process;
            if (process is { IsAlive: false })
            {
                continue;
            }

            Enter(process);
            clock.Advance(TicksPerStep);
            next.Callback(next.State);
            return true;
        }

        process = null;
        if (clock.NextDue() is not { } due || due > until.Ticks)
        {
            return false;
        }

        var timer = clock.TakeNext();
        _stepsWithoutTimer = 0;
        process = timer.Owner;
        Enter(process);
        timer.Fire();
        return true;
    }

    private void Enter(SimulatedProcess? process)
    {
        Steps++;
        SynchronizationContext.SetSynchronizationContext(process ?? _world);
    }

    /// <summary>The world itself waits for nothing.</summary>
    private sealed class WorldContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => throw new NotSupportedException("The world's own steps must not await.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
