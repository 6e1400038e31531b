namespace Sanbashi.Domain.Scaling;

/// <summary>What the gateways have said of a service's load: an immutable excerpt of <see cref="DemandLedger"/>.</summary>
public sealed record ServiceDemand
{
    /// <summary>Nothing is known: nothing may be taken away because of it.</summary>
    public static ServiceDemand Unknown { get; } = new();

    /// <summary>Requests and upgraded connections that are open on instances, over all gateways.</summary>
    public int InFlight { get; init; }

    /// <summary>Requests that wait for capacity, over all gateways.</summary>
    public int Waiting { get; init; }

    /// <summary>Since when every gateway's reports have been heard without a gap; null while one is missing.</summary>
    public DateTimeOffset? KnownSince { get; init; }

    /// <summary>
    /// Past levels of <see cref="Open"/>, oldest first, each with the last moment at which it held; only those that nothing later reached, so the
    /// values fall.
    /// </summary>
    public IReadOnlyList<DemandPeak> Peaks { get; init; } = [];

    /// <summary>
    /// Past bursts: by how much <see cref="Open"/> rose where it grew by <see cref="ScalingDefaults.BurstFactor"/> within
    /// <see cref="ScalingDefaults.BurstTime"/>, oldest first, each with the moment at which it had; only those that nothing later reached, so the values fall.
    /// </summary>
    public IReadOnlyList<DemandPeak> Bursts { get; init; } = [];

    public int Open => InFlight + Waiting;

    /// <summary>The highest level at any time from the given moment until now.</summary>
    public int PeakSince(DateTimeOffset moment) => Math.Max(Peaks.HighestSince(moment), Open);

    /// <summary>The steepest burst that ended at any time from the given moment until now.</summary>
    public int BurstSince(DateTimeOffset moment) => Bursts.HighestSince(moment);

    /// <summary>The highest of the past levels, of which each counts in full for a time and from then on evenly less until the window's end.</summary>
    public int Fading(DateTimeOffset now, TimeSpan hold, TimeSpan window)
    {
        var highest = Open;
        foreach (var peak in Peaks)
        {
            var left = peak.Until + window - now;
            var counted = left >= window - hold ? peak.Height : left <= TimeSpan.Zero ? 0 : (int)(peak.Height * (left / (window - hold)));
            highest = Math.Max(highest, counted);
        }

        return highest;
    }

    /// <summary>When <see cref="Fading"/> is no more than a lower level for the first time, if nothing is added; null if it never is.</summary>
    public DateTimeOffset? FadesTo(int level, DateTimeOffset now, TimeSpan hold, TimeSpan window)
    {
        if (Open > level)
        {
            return null;
        }

        DateTimeOffset? last = null;
        foreach (var peak in Peaks)
        {
            // Parts of a request do not count: one more than the level is the first that does.
            var moment = peak.Until + window - ((window - hold) * Math.Min(1, (level + 1.0) / peak.Height)) + TimeSpan.FromTicks(1);
            if (peak.Height > level && moment > now && (last is null || moment > last))
            {
                last = moment;
            }
        }

        return last;
    }

    /// <summary>The highest level that is remembered.</summary>
    public int PeakOpen() => Peaks.Count > 0 ? Math.Max(Peaks[0].Height, Open) : Open;

    /// <summary>When <see cref="PeakSince"/> of a window that ends now gives less for the first time; null if it never does.</summary>
    public DateTimeOffset? FallsAt(DateTimeOffset now, TimeSpan window) => Peaks.FallsAt(now, window, Open);

    /// <summary>When <see cref="BurstSince"/> of a window that ends now gives less for the first time; null if it never does.</summary>
    public DateTimeOffset? BurstFallsAt(DateTimeOffset now, TimeSpan window) => Bursts.FallsAt(now, window, 0);
}
