namespace Sanbashi.ControlPlane.Logs;

/// <summary>Bounds of the logs on disk.</summary>
public sealed record LogStoreOptions
{
    /// <summary>A file that has reached this size is put aside and a new one begun. Default: 20 MiB.</summary>
    public long MaxFileBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>Files per log (an instance's container, a service's events, ...), the current one included; 1 to 16. Default: 5.</summary>
    public int MaxFiles { get; init; } = 5;

    /// <summary>Files whose last line is older are removed, unless the group has a retention policy of its own. Default: 30 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>All logs of one service together, without access logs, which the gateways bound; the oldest files go first. Default: 1 GiB.</summary>
    public long MaxServiceBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Instances, and deployments, whose logs are kept per service; the oldest go first. Default: 500.</summary>
    public int MaxStreams { get; init; } = 500;

    /// <summary>How often age and sizes are looked at. Default: 10 minutes.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(10);
}
