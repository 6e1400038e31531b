namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <param name="owner">Whose callback it is; a killed process' timers do nothing. Null: the world's.</param>
internal sealed class VirtualTimer(VirtualClock clock, SimulatedProcess? owner, TimerCallback callback, object? state) : ITimer
{
    private int _setting;
    private bool _isSet;
    private TimeSpan _period;

    public SimulatedProcess? Owner => owner;

    public bool IsSet(int setting) => _isSet && _setting == setting && owner is not { IsAlive: false };

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _setting++;
        _isSet = dueTime != Timeout.InfiniteTimeSpan;
        _period = period;
        if (_isSet)
        {
            clock.Schedule(this, _setting, dueTime < TimeSpan.Zero ? TimeSpan.Zero : dueTime);
        }

        return true;
    }

    public void Fire()
    {
        if (!_isSet)
        {
            return;
        }

        _isSet = false;
        if (_period > TimeSpan.Zero)
        {
            Change(_period, _period);
        }

        callback(state);
    }

    public void Dispose()
    {
        _isSet = false;
        _setting++;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
