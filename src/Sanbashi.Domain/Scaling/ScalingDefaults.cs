namespace Sanbashi.Domain.Scaling;

/// <summary>Numbers of the autoscaler, each with its reason.</summary>
public static class ScalingDefaults
{
    /// <summary>Without requests for this long, an instance is put to sleep: longer than a person takes between two clicks.</summary>
    public static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(10);

    /// <summary>The stable window: load that comes back within a minute finds the instances it needed before.</summary>
    public static readonly TimeSpan ScaleInAfter = TimeSpan.FromSeconds(60);

    /// <summary>What the load has needed counts in full for this long, a third of the window: shorter, chance alone would start and stop instances in turn.</summary>
    public static readonly TimeSpan PeakHold = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A load that grows by <see cref="BurstFactor"/> within this time is a burst: it comes faster than it can be followed, so what it needs is kept for the whole window.
    /// Most applications start faster than this; where one does not, every load counts in full for the whole window.
    /// </summary>
    public static readonly TimeSpan BurstTime = TimeSpan.FromSeconds(10);

    /// <summary>Requests that come independently of each other make a load of some dozens tremble, and even double, but hardly ever treble.</summary>
    public const int BurstFactor = 3;

    /// <summary>What instances used says something about now for this long: three readings.</summary>
    public static readonly TimeSpan UsageValidity = TimeSpan.FromSeconds(30);

    /// <summary>The most instances that may stand by: a burst on one machine is bounded by its processors long before.</summary>
    public const int MostStandby = 50;

    /// <summary>How long no instance is made to stand by after one could not be: the reason rarely goes away by itself.</summary>
    public static readonly TimeSpan StandbyRest = TimeSpan.FromMinutes(1);

    /// <summary>Memory of the machine that scaling out leaves free: databases, page cache and the platform live from it.</summary>
    public const long ReservedBytes = 256L << 20;

    /// <summary>What a further instance is expected to use, or its size where that is smaller: enough for most web applications, and what is free is looked at again each time.</summary>
    public const long ExpectedInstanceBytes = 256L << 20;

    /// <summary>How soon a scale-out that lacked memory is tried again.</summary>
    public static readonly TimeSpan MemoryRetry = TimeSpan.FromSeconds(10);

    /// <summary>The longest time that an application has after its start before it may be put to sleep; six idle periods where that is shorter.</summary>
    public static readonly TimeSpan AwakeAfterStart = TimeSpan.FromSeconds(60);
}
