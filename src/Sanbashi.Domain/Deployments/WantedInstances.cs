using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Deployments;

/// <summary>Which revisions shall run how many instances now, and which of the present ones those are.</summary>
internal sealed class WantedInstances
{
    private readonly Dictionary<int, int> _counts = [];
    private readonly HashSet<string> _kept = [];
    private readonly HashSet<string> _neverHealthy = [];
    private readonly int? _active;
    private readonly int? _fallback;

    private WantedInstances(int? active, int? fallback)
    {
        _active = active;
        _fallback = fallback;
    }

    public IReadOnlyDictionary<int, int> Counts => _counts;

    public bool Keeps(ObservedInstance instance) => _kept.Contains(instance.Id);

    /// <summary>It is being cleared away, or will be: whether that counts as a failure is not written down yet.</summary>
    public bool IsFailing(ObservedInstance instance) => instance.Phase is InstancePhase.Exited or InstancePhase.Stopping || _neverHealthy.Contains(instance.Id);

    /// <summary>Something of the active revision shall take requests.</summary>
    public bool IsToServe => _active is { } active && _counts.ContainsKey(active);

    /// <summary>The instance takes requests as soon as it is healthy.</summary>
    public bool MayServe(ObservedInstance instance) => Keeps(instance) && instance.Revision == (_fallback ?? _active);

    public static WantedInstances Of(ServiceSituation situation, PlanBuilder plan)
    {
        var service = situation.Service;
        var wanted = new WantedInstances(service.ActiveRevision, Fallback(situation));
        if (Serves(situation) && service.ActiveRevision is { } active && situation.Revisions.TryGetValue(active, out var serving))
        {
            wanted._counts[active] = serving.Scaling.MinSize;
        }

        if (BringsUp(situation.Operation) is { } target && situation.Revisions.TryGetValue(target, out var coming) && coming.Image is not null)
        {
            wanted._counts[target] = coming.Scaling.MinSize;
        }

        wanted._neverHealthy.UnionWith(situation.Instances.Where(instance => HasFailedToStart(instance, situation, plan)).Select(instance => instance.Id));
        foreach (var (revision, count) in wanted._counts)
        {
            // The proven and old ones stay, so that an excess never costs an instance with traffic.
            var present = situation.Instances
                .Where(instance => instance.Revision == revision && wanted.IsUsable(instance, situation))
                .OrderByDescending(instance => instance.IsHealthy)
                .ThenByDescending(instance => instance.Phase == InstancePhase.Running)
                .ThenBy(instance => instance.StartedAt)
                .ThenBy(instance => instance.Id, StringComparer.Ordinal)
                .Take(count);
            wanted._kept.UnionWith(present.Select(instance => instance.Id));
        }

        if (wanted._fallback is { } fallback)
        {
            wanted._kept.UnionWith(situation.Instances.Where(instance => StillServes(instance, fallback)).Select(instance => instance.Id));
        }

        return wanted;
    }

    /// <summary>
    /// The revision that goes on serving when the new one has fallen between the switch in the records and the one at the gateways. None is started for
    /// it: if the new one does not come back, the operation fails and the old one is active again.
    /// </summary>
    private static int? Fallback(ServiceSituation situation)
    {
        if (BringsUp(situation.Operation) is not { } target
            || target != situation.Service.ActiveRevision
            || situation.Operation is { Type: OperationType.ResumeService }
            || situation.Service.PreviousRevision is not { } previous
            || situation.Instances.Any(instance => instance.Revision == target && instance.IsHealthy))
        {
            return null;
        }

        return situation.Instances.Any(instance => StillServes(instance, previous)) ? previous : null;
    }

    private static bool StillServes(ObservedInstance instance, int revision) =>
        instance.Revision == revision && instance is { Phase: InstancePhase.Running, DrainingSince: null, Health.Status: not HealthStatus.Unhealthy };

    /// <summary>The revision that the operation in progress brings up; null when it brings none, or no longer.</summary>
    public static int? BringsUp(OperationRecord? operation) =>
        operation is { HasEnded: false, Status: not OperationStatus.RollbackInProgress, Type: not (OperationType.PauseService or OperationType.DeleteService) }
            ? operation.Revision
            : null;

    private static bool Serves(ServiceSituation situation) => situation.Service.Status switch
    {
        ServiceStatus.Running => true,

        // A resume brings its own revision up; a paused service runs nothing else.
        ServiceStatus.OperationInProgress => situation.Operation is not { Type: OperationType.PauseService or OperationType.DeleteService or OperationType.ResumeService },
        _ => false,
    };

    private bool IsUsable(ObservedInstance instance, ServiceSituation situation) =>
        (instance.Phase is InstancePhase.Running or InstancePhase.Frozen || IsBeingStarted(instance))
        && instance.Health.Status != HealthStatus.Unhealthy
        // What drains has been given up: WebSockets on it were promised an end. Only a rollback takes it back.
        && (instance.DrainingSince is null || BringsUp(situation.Operation) == instance.Revision)
        && !_neverHealthy.Contains(instance.Id);

    /// <summary>
    /// A call of ours is making it. It may have ended already: as long as the call has not told why, another one in its place might find the same for certain.
    /// What nobody is making any more is of no use: a request of the attempt that was cut off may still arrive at the engine, and a gateway may know its
    /// address from an earlier life of it, and would send requests there before it is proven.
    /// </summary>
    private static bool IsBeingStarted(ObservedInstance instance) => instance is { Phase: InstancePhase.Starting or InstancePhase.Exited, IsBusy: true };

    /// <summary>A replacement that never becomes healthy is replaced in turn; during a deployment the verdict on the deployment comes first.</summary>
    private static bool HasFailedToStart(ObservedInstance instance, ServiceSituation situation, PlanBuilder plan)
    {
        if (instance is not { Phase: InstancePhase.Running, Health.Status: HealthStatus.Unproven } || BringsUp(situation.Operation) == instance.Revision)
        {
            return false;
        }

        if (!situation.Revisions.TryGetValue(instance.Revision, out var revision))
        {
            return false;
        }

        // After a start of the control plane old instances are unproven as well, whatever their age.
        var since = instance.StartedAt > situation.WatchedSince ? instance.StartedAt : situation.WatchedSince;
        return plan.IsDue(situation.WatchedSince + DeploymentDefaults.SettleTime(revision.Definition.HealthCheck)) && plan.IsDue(since + revision.Settings.StartTimeout);
    }
}
