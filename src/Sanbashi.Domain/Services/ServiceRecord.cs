using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Services;

/// <summary>A service as it is wanted: written by API calls, brought about by its reconciler.</summary>
public sealed record ServiceRecord
{
    public required ResourceScope Scope { get; init; }

    /// <summary>32 hex digits.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>First label of the service's host name; unique among the services of the installation that are not deleted.</summary>
    public required string HostLabel { get; init; }

    public required ServiceStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>What the API was told, with defaults filled in. After a failed update it is that of the canary or, without one, of the active revision again.</summary>
    public required ServiceDefinition Definition { get; init; }

    /// <summary>All tags, those that are settings (<c>sanbashi:...</c>) included.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings given by <c>Sanbashi.PutServiceSettings</c>, by name without prefix; a tag of the same name wins.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The highest revision number ever used; 0 before the first.</summary>
    public int LastRevision { get; init; }

    /// <summary>The revision that serves (or, while paused, will serve again).</summary>
    public int? ActiveRevision { get; init; }

    /// <summary>
    /// The revision that takes a part of the requests beside the active one, until it is promoted or taken back; how large a part, the setting <c>traffic</c> says.
    /// </summary>
    public int? CanaryRevision { get; init; }

    /// <summary>Since when there is this canary.</summary>
    public DateTimeOffset? CanarySince { get; init; }

    /// <summary>The revision that served before and can come back at once.</summary>
    public int? PreviousRevision { get; init; }

    /// <summary>Until when the previous revision's instances stay frozen instead of being stopped.</summary>
    public DateTimeOffset? PreviousKeptUntil { get; init; }

    /// <summary>What the platform has begun because secrets changed, until the service runs with them.</summary>
    public RefreshAttempt? RefreshAttempt { get; init; }

    /// <summary>The operation in progress; at most one.</summary>
    public string? OperationId { get; init; }

    public string Arn => Arns.Service(Scope, Name, Id);
}

/// <summary>App Runner's service states; the wire form is upper snake case.</summary>
public enum ServiceStatus
{
    CreateFailed,
    Running,
    Deleted,
    DeleteFailed,
    Paused,
    OperationInProgress,
}
