namespace Sanbashi.Domain.Workloads;

/// <summary>How an instance proves that it is ready, and that it still is. Defaults are App Runner's.</summary>
public sealed record HealthCheck
{
    public HealthCheckProtocol Protocol { get; init; } = HealthCheckProtocol.Tcp;

    /// <summary>For HTTP; an answer from 200 to 399 is healthy.</summary>
    public string Path { get; init; } = "/";

    /// <summary>1-20 s, default 5.</summary>
    public int IntervalSeconds { get; init; } = 5;

    /// <summary>1-20 s, default 2.</summary>
    public int TimeoutSeconds { get; init; } = 2;

    /// <summary>1-20, default 1.</summary>
    public int HealthyThreshold { get; init; } = 1;

    /// <summary>1-20, default 5.</summary>
    public int UnhealthyThreshold { get; init; } = 5;

    /// <summary>How long a listening application may answer badly before it counts as failed.</summary>
    public TimeSpan FailureBudget() => TimeSpan.FromSeconds(IntervalSeconds * UnhealthyThreshold);
}

public enum HealthCheckProtocol
{
    Tcp,
    Http,
}
