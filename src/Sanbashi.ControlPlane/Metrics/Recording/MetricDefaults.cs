namespace Sanbashi.ControlPlane.Metrics.Recording;

/// <summary>Bounds of what is recorded.</summary>
public static class MetricDefaults
{
    /// <summary>How long the numbers of a minute are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>How often traffic is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often instances are counted.</summary>
    public static readonly TimeSpan InstanceInterval = TimeSpan.FromSeconds(10);

    /// <summary>Minutes that wait for a store that cannot be written; older ones are given up.</summary>
    public const int UnwrittenMinutes = 60;

    /// <summary>The time over which live rates and percentiles are taken.</summary>
    public const int LiveSeconds = 10;

    /// <summary>Seconds of requests that are kept for a picture of the present.</summary>
    public const int HistorySeconds = 120;
}
