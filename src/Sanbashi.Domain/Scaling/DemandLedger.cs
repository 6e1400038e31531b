namespace Sanbashi.Domain.Scaling;

/// <summary>
/// Keeps the levels of one service's load for as long as decisions look back. A level holds until the next one is recorded, however long that takes. What it
/// keeps is bounded by the height of the load and not by time: a level is dropped when a later one reaches it. Not thread-safe.
/// </summary>
public sealed class DemandLedger
{
    private readonly List<DemandPeak> _peaks = [];
    private int _inFlight;
    private int _waiting;

    /// <summary>How far back decisions can look.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <param name="highest">The highest level since the last record, at least <paramref name="inFlight"/> plus <paramref name="waiting"/>.</param>
    public void Record(DateTimeOffset now, int inFlight, int waiting, int highest)
    {
        var held = Math.Max(_inFlight + _waiting, highest);
        while (_peaks.Count > 0 && _peaks[^1].Open <= held)
        {
            _peaks.RemoveAt(_peaks.Count - 1);
        }

        if (held > 0)
        {
            _peaks.Add(new DemandPeak(now, held));
        }

        var forgotten = now - Memory;
        _peaks.RemoveAll(peak => peak.Until < forgotten);
        _inFlight = inFlight;
        _waiting = waiting;
    }

    public ServiceDemand Read(DateTimeOffset? knownSince) => new() { InFlight = _inFlight, Waiting = _waiting, KnownSince = knownSince, Peaks = [.. _peaks] };
}
