namespace Sanbashi.Domain.Metrics;

/// <summary>Requests of one service that were finished within some time. Flows of other times or gateways can be added. Not safe for concurrent use.</summary>
public sealed class TrafficFlow
{
    /// <summary>By status class 1xx..5xx.</summary>
    public long[] Statuses { get; } = new long[5];

    /// <summary>Of them, answered 429 by the gateway itself.</summary>
    public long Refused { get; set; }

    /// <summary>Of them, those that found every instance asleep.</summary>
    public long ColdStarts { get; set; }

    public double LatencySeconds { get; set; }

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Requests with any status.</summary>
    public long Requests => Statuses.Sum();

    /// <summary>The most that were open and waiting together at any moment of that time.</summary>
    public int Highest { get; set; }

    public bool IsEmpty => Highest == 0 && Requests == 0;

    public void Add(TrafficFlow other)
    {
        for (var i = 0; i < Statuses.Length; i++)
        {
            Statuses[i] += other.Statuses[i];
        }

        Refused += other.Refused;
        ColdStarts += other.ColdStarts;
        LatencySeconds += other.LatencySeconds;
        Latency.Add(other.Latency.Counts);
        Highest = Math.Max(Highest, other.Highest);
    }
}
