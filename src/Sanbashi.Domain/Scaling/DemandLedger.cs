namespace Sanbashi.Domain.Scaling;

/// <summary>
/// Keeps the levels and bursts of one service's load for as long as decisions look back. A level holds until the next one is recorded, however long that takes. What
/// it keeps is bounded by the height of the load and not by time. Not thread-safe.
/// </summary>
public sealed class DemandLedger
{
    private readonly FallingPeaks _peaks = new();
    private readonly FallingPeaks _bursts = new();
    private readonly RecentLows _lows = new();
    private int _inFlight;
    private int _waiting;

    /// <summary>How far back decisions can look.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <param name="highest">The highest level since the last record, at least <paramref name="inFlight"/> plus <paramref name="waiting"/>.</param>
    public void Record(DateTimeOffset now, int inFlight, int waiting, int highest)
    {
        var before = _inFlight + _waiting;
        var held = Math.Max(before, highest);
        var lowest = _lows.Add(now, before, now - ScalingDefaults.BurstTime);
        _peaks.Add(now, held);
        if (held >= (long)ScalingDefaults.BurstFactor * lowest)
        {
            _bursts.Add(now, held - lowest);
        }

        _peaks.ForgetBefore(now - Memory);
        _bursts.ForgetBefore(now - Memory);
        _inFlight = inFlight;
        _waiting = waiting;
    }

    public ServiceDemand Read(DateTimeOffset? knownSince) => new()
    {
        InFlight = _inFlight,
        Waiting = _waiting,
        KnownSince = knownSince,
        Peaks = _peaks.Read(),
        Bursts = _bursts.Read(),
    };
}
