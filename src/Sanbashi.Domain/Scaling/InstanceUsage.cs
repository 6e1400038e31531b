namespace Sanbashi.Domain.Scaling;

/// <summary>What the awake instances of a revision use, each in percent of its own limits, summed up: 150 is one and a half instances. An immutable excerpt of <see cref="UsageLedger"/>.</summary>
public sealed record InstanceUsage
{
    public static InstanceUsage None { get; } = new();

    /// <summary>When it was read last; null if it never was.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    public int CpuPercent { get; init; }

    public int MemoryPercent { get; init; }

    /// <summary>Past values, oldest first and falling.</summary>
    public IReadOnlyList<DemandPeak> CpuPeaks { get; init; } = [];

    /// <summary>Past values, oldest first and falling.</summary>
    public IReadOnlyList<DemandPeak> MemoryPeaks { get; init; } = [];
}
