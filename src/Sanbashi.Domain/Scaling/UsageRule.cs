namespace Sanbashi.Domain.Scaling;

/// <summary>
/// Instances by what they use, in proportion: twice the target on average needs twice as many. Around the target nothing changes, so that nothing swings: more come
/// from a tenth above it, and leave when those that stay would be a tenth below it, for a whole window.
/// </summary>
internal static class UsageRule
{
    private const int Tenths = 10;

    /// <summary>Instances that what is used now needs; 0 if nothing is known of now.</summary>
    public static int Needed(UsageTargets targets, InstanceUsage usage, DateTimeOffset now) => usage.ReadAt is { } at && now - at <= ScalingDefaults.UsageValidity
        ? Math.Max(Instances(usage.CpuPercent, targets.CpuPercent, Tenths + 1), Instances(usage.MemoryPercent, targets.MemoryPercent, Tenths + 1))
        : 0;

    /// <summary>Instances that are kept for what was used since a moment.</summary>
    public static int Kept(UsageTargets targets, InstanceUsage usage, DateTimeOffset since) => Math.Max(
        Instances(usage.CpuPeaks.HighestSince(since), targets.CpuPercent, Tenths - 1),
        Instances(usage.MemoryPeaks.HighestSince(since), targets.MemoryPercent, Tenths - 1));

    /// <summary>When <see cref="Kept"/> of a window that ends now may be less for the first time; null if never.</summary>
    public static DateTimeOffset? FallsAt(UsageTargets targets, InstanceUsage usage, DateTimeOffset now, TimeSpan window)
    {
        var cpu = targets.CpuPercent is null ? null : usage.CpuPeaks.FallsAt(now, window, 0);
        var memory = targets.MemoryPercent is null ? null : usage.MemoryPeaks.FallsAt(now, window, 0);
        return cpu is null || memory < cpu ? memory : cpu;
    }

    private static int Instances(int percent, int? target, int tenths) =>
        target is { } each ? (int)Math.Min((((long)percent * Tenths) + (each * tenths) - 1) / (each * tenths), int.MaxValue) : 0;
}
