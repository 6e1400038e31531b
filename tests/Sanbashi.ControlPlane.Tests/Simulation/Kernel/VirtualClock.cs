namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Time that only moves when the pump moves it, and the timers that wait for it. Timers that are due at the same moment go in the order in which they were set.</summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<(VirtualTimer Timer, int Setting), (long Due, long Order)> _timers = new();
    private long _order;

    public static DateTimeOffset Start { get; } = new(2026, 6, 12, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Since <see cref="Start"/>.</summary>
    public long Ticks { get; private set; }

    public TimeSpan Elapsed => TimeSpan.FromTicks(Ticks);

    public DateTimeOffset Now => Start.AddTicks(Ticks);

    public void Advance(long ticks) => Ticks += ticks;

    /// <summary>Time passes though nothing happens. Never backwards.</summary>
    public void AdvanceTo(long moment) => Ticks = Math.Max(Ticks, moment);

    public VirtualTimer CreateTimer(SimulatedProcess? owner, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, owner, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Schedule(VirtualTimer timer, int setting, TimeSpan dueTime) => _timers.Enqueue((timer, setting), (Ticks + dueTime.Ticks, _order++));

    /// <summary>When the next timer is due; null when none is set.</summary>
    public long? NextDue()
    {
        while (_timers.TryPeek(out var next, out var due))
        {
            if (next.Timer.IsSet(next.Setting))
            {
                return due.Due;
            }

            _timers.Dequeue();
        }

        return null;
    }

    /// <summary>Moves to the next timer's moment, if that is later than now, and takes the timer.</summary>
    public VirtualTimer TakeNext()
    {
        var due = NextDue() ?? throw new InvalidOperationException("No timer is set.");
        Ticks = Math.Max(Ticks, due);
        return _timers.Dequeue().Timer;
    }
}
