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

    public int Open => InFlight + Waiting;

    /// <summary>The highest level at any time from the given moment until now.</summary>
    public int PeakSince(DateTimeOffset moment)
    {
        foreach (var peak in Peaks)
        {
            if (peak.Until >= moment)
            {
                return Math.Max(peak.Open, Open);
            }
        }

        return Open;
    }

    /// <summary>The highest level that is remembered.</summary>
    public int PeakOpen() => Peaks.Count > 0 ? Math.Max(Peaks[0].Open, Open) : Open;

    /// <summary>When <see cref="PeakSince"/> of a window that ends now gives less for the first time; null if it never does.</summary>
    public DateTimeOffset? FallsAt(DateTimeOffset now, TimeSpan window)
    {
        foreach (var peak in Peaks)
        {
            if (peak.Until >= now - window)
            {
                return peak.Open > Open ? peak.Until + window + TimeSpan.FromTicks(1) : null;
            }
        }

        return null;
    }
}

/// <param name="Until">The last moment at which it held.</param>
public readonly record struct DemandPeak(DateTimeOffset Until, int Open);
