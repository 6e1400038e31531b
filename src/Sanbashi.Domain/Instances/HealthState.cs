using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Instances;

/// <summary>What the probes of one instance have shown so far. Immutable; <see cref="Next"/> is the only transition.</summary>
public sealed record HealthState
{
    public static HealthState Unproven { get; } = new();

    public HealthStatus Status { get; init; } = HealthStatus.Unproven;

    /// <summary>Successes in a row.</summary>
    public int Successes { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Since when the port answers, but not as a healthy instance would; null while it does not answer at all.</summary>
    public DateTimeOffset? AnswersBadlySince { get; init; }

    public DateTimeOffset? HealthySince { get; init; }

    /// <summary>What the last failed probe found, as words.</summary>
    public string? LastProblem { get; init; }

    public HealthState Next(ProbeResult result, HealthCheck check, DateTimeOffset now)
    {
        // An unhealthy instance is being replaced; taking it back would make traffic flap.
        if (Status == HealthStatus.Unhealthy)
        {
            return this;
        }

        if (result.IsHealthy)
        {
            var proven = Status == HealthStatus.Healthy || Successes + 1 >= check.HealthyThreshold;
            return this with
            {
                Status = proven ? HealthStatus.Healthy : HealthStatus.Unproven,
                Successes = Successes + 1,
                Failures = 0,
                AnswersBadlySince = null,
                HealthySince = proven ? HealthySince ?? now : null,
                LastProblem = null,
            };
        }

        var lost = Status == HealthStatus.Healthy && Failures + 1 >= check.UnhealthyThreshold;
        return this with
        {
            Status = lost ? HealthStatus.Unhealthy : Status,
            Successes = 0,
            Failures = Failures + 1,
            AnswersBadlySince = result.Answered ? AnswersBadlySince ?? now : null,
            HealthySince = lost ? null : HealthySince,
            LastProblem = result.Problem,
        };
    }
}

public enum HealthStatus
{
    /// <summary>Not healthy yet since it was started or thawed.</summary>
    Unproven,
    Healthy,

    /// <summary>Was healthy and is no longer; final.</summary>
    Unhealthy,
}

/// <param name="Answered">The port took the connection and something came back, even if it was not what was hoped for.</param>
/// <param name="Problem">What was found, as words; null when healthy.</param>
public sealed record ProbeResult(bool IsHealthy, bool Answered, string? Problem)
{
    public static ProbeResult Healthy { get; } = new(true, true, null);
}
