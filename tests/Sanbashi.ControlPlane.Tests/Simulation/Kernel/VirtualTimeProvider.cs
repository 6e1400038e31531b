namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>The virtual clock as one process sees it. The frequency is odd on purpose: nobody may take time stamps for ticks.</summary>
internal sealed class VirtualTimeProvider(VirtualClock clock, SimulatedProcess process) : TimeProvider
{
    public override long TimestampFrequency => 3_579_545;

    public override DateTimeOffset GetUtcNow() => clock.Now;

    public override long GetTimestamp() => 1_000_003 + (long)((Int128)clock.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(process, callback, state, dueTime, period);
}
