namespace Sanbashi.Domain.Secrets;

/// <summary>A rotation in progress, or one that has failed and waits to be tried again.</summary>
public sealed record RotationRun
{
    /// <summary>The version that it makes; it has the label AWSPENDING until it is current.</summary>
    public required string VersionId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What comes next. All before it is done.</summary>
    public RotationStep Step { get; init; }

    /// <summary>How often this step failed in a row.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why it failed last, for people.</summary>
    public string? Failure { get; init; }

    /// <summary>It is not tried again by itself, but by the next rotation.</summary>
    public bool HasGivenUp => Failures > RotationPlanner.Pauses.Count;
}
