namespace Sanbashi.Domain.Scaling;

/// <summary>How much of its own limits an instance shall use on average; null where that is no signal.</summary>
/// <param name="CpuPercent">Of its processor time.</param>
/// <param name="MemoryPercent">Of its memory.</param>
public sealed record UsageTargets(int? CpuPercent, int? MemoryPercent)
{
    public static UsageTargets None { get; } = new(null, null);

    public bool IsNone => CpuPercent is null && MemoryPercent is null;
}
