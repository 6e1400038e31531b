using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Deployments;

/// <param name="Actions">In the order in which they should be begun; empty when nothing is to do now.</param>
/// <param name="WakeAt">When to plan again though nothing has happened; null if only an event can change anything.</param>
public sealed record ServicePlan(IReadOnlyList<PlannedAction> Actions, DateTimeOffset? WakeAt)
{
    /// <summary>How many instances the serving revision shall have; null while it shall not serve.</summary>
    public ScaleDecision? Scale { get; init; }

    /// <summary>How many instances the canary shall have; null while there is none that shall serve.</summary>
    public ScaleDecision? CanaryScale { get; init; }
}

/// <summary>One thing to do. Each is idempotent.</summary>
public abstract record PlannedAction;

/// <summary>Resolve the revision's image, make it present and hold it.</summary>
public sealed record PrepareImage(int Revision) : PlannedAction;

/// <summary>Make an instance of the revision run. One that an attempt has left half made is never continued.</summary>
/// <param name="InstanceId">One that stands by; null for a new one.</param>
public sealed record StartInstance(int Revision, string? InstanceId = null) : PlannedAction;

/// <summary>Make an instance of the revision that stands by: all of it but the start of its containers.</summary>
public sealed record PrepareInstance(int Revision) : PlannedAction;

public sealed record StopInstance(string InstanceId, StopReason Reason, TimeSpan StopTimeout) : PlannedAction;

public enum StopReason
{
    /// <summary>It has ended by itself; remove what is left and say why.</summary>
    Ended,

    /// <summary>Its health checks fail; another one takes its place.</summary>
    Unhealthy,

    /// <summary>It is no longer wanted: its revision was replaced, or the service is paused or deleted.</summary>
    Retired,

    /// <summary>Its deployment failed.</summary>
    DeploymentFailed,

    /// <summary>An attempt that was cut off has left it half made or half removed.</summary>
    Incomplete,
}

public sealed record FreezeInstance(string InstanceId) : PlannedAction;

/// <param name="IsWaking">It was well when it was frozen and goes on where it was; otherwise it has to prove itself anew.</param>
public sealed record ThawInstance(string InstanceId, bool IsWaking) : PlannedAction;

/// <summary>Tell the gateways, and wait until they serve it.</summary>
public sealed record PublishRoute(ServiceRoute Route) : PlannedAction;

/// <summary>Write down that this revision serves from now on.</summary>
public sealed record SwitchTraffic(int Revision) : PlannedAction;

/// <summary>Write down that this revision is the canary from now on, and takes its part of the requests beside the active one.</summary>
public sealed record BeginCanary(int Revision) : PlannedAction;

/// <summary>Write down that there is no canary any more, because it has failed.</summary>
public sealed record WithdrawCanary(int Revision, string Reason) : PlannedAction;

/// <summary>End the operation (or, with <see cref="OperationStatus.RollbackInProgress"/>, begin its rollback) and set the service's state by it.</summary>
public sealed record SettleOperation(OperationStatus Status, string? FailureReason) : PlannedAction;

/// <summary>The gateways forget the service.</summary>
public sealed record RemoveRoute : PlannedAction;

public sealed record ReleaseImage(int Revision) : PlannedAction;

/// <summary>Forget a service that was deleted long enough ago.</summary>
public sealed record Purge : PlannedAction;
