using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Schedules;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Scaling;

/// <summary>The numbers that decide how many instances a service runs: its auto scaling configuration with the extension settings applied.</summary>
public sealed record ScalingPolicy
{
    /// <summary>Requests in flight per instance.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>Instances that stay provisioned; 0 lets the last one stop.</summary>
    public required int MinSize { get; init; }

    public required int MaxSize { get; init; }

    /// <summary>How long an instance goes without requests until it is frozen, or the last one is stopped where none has to stay.</summary>
    public required TimeSpan IdlePeriod { get; init; }

    /// <summary>An instance is taken away when the load has not needed it for this long.</summary>
    public required TimeSpan ScaleInAfter { get; init; }

    /// <summary>What instances may use on average; more come where they use more.</summary>
    public UsageTargets ScaleOn { get; init; } = UsageTargets.None;

    /// <summary>An instance takes longer to start than <see cref="ScalingDefaults.BurstTime"/>: following a load is no way to serve it.</summary>
    public bool StartsSlowly { get; init; }

    /// <summary>Whether idle instances are frozen.</summary>
    public required bool MayFreeze { get; init; }

    /// <summary>Instances that are never frozen.</summary>
    public required int MinActive { get; init; }

    /// <summary>Instances, those that serve included, that are kept started, frozen if need be, for a burst.</summary>
    public required int Prepared { get; init; }

    /// <summary>Instances beyond the provisioned ones that are made but not started.</summary>
    public int Standby { get; init; }

    /// <summary>An application may have things to do after its start: it is not put to sleep before it has had this long.</summary>
    public TimeSpan AwakeAfterStart => IdlePeriod * 6 < ScalingDefaults.AwakeAfterStart ? IdlePeriod * 6 : ScalingDefaults.AwakeAfterStart;

    public static ScalingPolicy Of(ScalingLimits limits, ServiceSettings settings) => new()
    {
        MaxConcurrency = limits.MaxConcurrency,
        MinSize = Math.Min(settings.MinSize ?? limits.MinSize, limits.MaxSize),
        MaxSize = limits.MaxSize,
        IdlePeriod = settings.IdlePeriod,
        ScaleInAfter = settings.ScaleInAfter,
        ScaleOn = settings.ScaleOn,
        MayFreeze = settings.Idle == IdleMode.Freeze,
        MinActive = settings.MinActive,
        Prepared = settings.Prepared,
        Standby = settings.Standby ?? (settings.MinSize == 0 ? 1 : 0),
    };

    /// <summary>The same with at least as many instances as a schedule asks for, within the maximum.</summary>
    public ScalingPolicy AtLeast(ScheduledMinimum scheduled) => this with { MinSize = Math.Max(MinSize, Math.Min(scheduled.Instances, MaxSize)) };

    /// <summary>Instances that this many open requests need.</summary>
    public int Needed(int open) => (int)Math.Min(((long)open + MaxConcurrency - 1) / MaxConcurrency, int.MaxValue);
}
