namespace Sanbashi.Domain.Operations;

/// <summary>What the API tracks of one change to a service.</summary>
public sealed record OperationRecord
{
    /// <summary>32 hex digits, as the real service sends them.</summary>
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    public required OperationType Type { get; init; }

    public required OperationStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required string TargetArn { get; init; }

    /// <summary>The revision that this operation brings live; null for pause and delete, and where a canary is taken back.</summary>
    public int? Revision { get; init; }

    /// <summary>An update that brings a revision back that has been live before.</summary>
    public bool IsRollback { get; init; }

    /// <summary>An update that gives all requests to the revision that has been the canary.</summary>
    public bool IsPromotion { get; init; }

    /// <summary>The canary that this rollback takes back: the active revision stays as it is.</summary>
    public int? TakesBack { get; init; }

    /// <summary>Why the platform itself deploys what runs anew, as a sentence without its full stop; null for what somebody asked for.</summary>
    public string? RefreshReason { get; init; }

    /// <summary>What a rollback goes to after such a deployment, as before it: the same with older secrets is nothing to go back to.</summary>
    public int? RefreshPrevious { get; init; }

    /// <summary>Somebody asked to stop the deployment: the old revision stays.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Why it failed, for people.</summary>
    public string? FailureReason { get; init; }

    public bool HasEnded => Status is OperationStatus.Succeeded or OperationStatus.Failed or OperationStatus.RollbackFailed or OperationStatus.RollbackSucceeded;
}

/// <summary>App Runner's operation types; the wire form is upper snake case.</summary>
public enum OperationType
{
    StartDeployment,
    CreateService,
    PauseService,
    ResumeService,
    DeleteService,
    UpdateService,
}

/// <summary>App Runner's operation states; the wire form is upper snake case.</summary>
public enum OperationStatus
{
    Pending,
    InProgress,
    Failed,
    Succeeded,
    RollbackInProgress,
    RollbackFailed,
    RollbackSucceeded,
}
