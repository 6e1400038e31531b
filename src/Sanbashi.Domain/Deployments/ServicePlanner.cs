using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Deployments;

/// <summary>
/// The one place that decides what happens to a service. Pure: the same situation and time give the same plan. In this order:
/// <list type="number">
/// <item>Without an engine that answers, wait: routes stay as they are.</item>
/// <item>Clear away instances that have ended by themselves.</item>
/// <item>Move the operation on: prepare the image, judge the start, switch, settle. Withdraw a canary that has failed.</item>
/// <item>Start or thaw what is missing; how much that is, <see cref="AutoScaler"/> says. When nothing is missing, make what shall stand by.</item>
/// <item>Publish the route, if it differs from what the gateways serve.</item>
/// <item>Freeze what has nothing to do; drain, then freeze or stop, what is no longer wanted; remove what is half made.</item>
/// <item>Let go of images and, in the end, of the service.</item>
/// </list>
/// </summary>
public static class ServicePlanner
{
    public static ServicePlan Plan(ServiceSituation situation, DateTimeOffset now)
    {
        var plan = new PlanBuilder(now);

        // 1
        if (!situation.EngineAnswers)
        {
            return plan.Build();
        }

        // 2
        ClearEnded(situation, plan);

        // 3. A settled operation changes what is wanted: everything else waits for the next plan.
        if (MoveOperation(situation, plan) || WithdrawCanary(situation, plan))
        {
            return plan.Build();
        }

        var wanted = WantedInstances.Of(situation, plan);

        // 4
        StartMissing(situation, wanted, plan);
        Prepare(situation, wanted, plan);

        // 5
        Route(situation, wanted, plan);

        // 6
        Rest(situation, wanted, plan);
        Retire(situation, wanted, plan);

        // 7
        LetGo(situation, plan);
        WatchRecovery(situation, plan);
        return plan.Build();
    }

    private static void ClearEnded(ServiceSituation situation, PlanBuilder plan)
    {
        foreach (var instance in situation.Instances.Where(instance => instance is { Phase: InstancePhase.Exited, IsBusy: false } && IsOurs(situation, instance)))
        {
            plan.Add(new StopInstance(instance.Id, StopReason.Ended, TimeSpan.Zero));
        }
    }

    /// <summary>True when the operation's or the service's record changes now.</summary>
    private static bool MoveOperation(ServiceSituation situation, PlanBuilder plan)
    {
        if (situation.Operation is not { HasEnded: false } operation)
        {
            return false;
        }

        return operation.Type switch
        {
            OperationType.PauseService => MovePause(situation, plan),
            OperationType.DeleteService => MoveDelete(situation, plan),
            _ when operation.TakesBack is not null => MoveTakeBack(situation, plan),
            _ when operation.Status == OperationStatus.RollbackInProgress => MoveRollback(situation, operation, plan),
            _ => MoveDeployment(situation, operation, plan),
        };
    }

    private static bool MoveDeployment(ServiceSituation situation, OperationRecord operation, PlanBuilder plan)
    {
        if (operation.Revision is not { } number || !situation.Revisions.TryGetValue(number, out var target))
        {
            plan.Add(new SettleOperation(OperationStatus.Failed, $"Revision {operation.Revision} is not in the store any more."));
            return true;
        }

        var isSwitched = situation.Service.ActiveRevision == number && operation.Type != OperationType.ResumeService;
        if (isSwitched)
        {
            return MoveSwitched(situation, operation, target, plan);
        }

        if (operation.CancelRequested)
        {
            plan.Add(Failed(situation, operation, operation.IsPromotion ? "The promotion was cancelled on request." : "The deployment was cancelled on request."));
            return true;
        }

        if (situation.Service.CanaryRevision == number && !operation.IsPromotion)
        {
            return MoveSwitched(situation, operation, target, plan);
        }

        if (DeploymentVerdict.Failure(situation, target, plan) is { } reason)
        {
            plan.Add(Failed(situation, operation, reason));
            return true;
        }

        if (target.Image is null)
        {
            if (!situation.ImagePreparation.IsRunning)
            {
                plan.Add(new PrepareImage(number));
            }

            return false;
        }

        var healthy = situation.Instances.Count(instance => instance.Revision == number && instance.IsHealthy);
        if (healthy < WantedInstances.NeededToSwitch(situation, target, plan))
        {
            return false;
        }

        // A resume mostly brings the active revision up again; with changed settings it brings one of its own.
        if (operation.Type != OperationType.ResumeService || situation.Service.ActiveRevision != number)
        {
            if (IsWaking(situation))
            {
                return false;
            }

            plan.Add(CanaryRules.BecomesCanary(situation, operation) ? new BeginCanary(number) : new SwitchTraffic(number));
            return true;
        }

        if (situation.AppliedRoute is { Availability: RouteAvailability.Serving } && !situation.IsPublishing)
        {
            plan.Add(new SettleOperation(OperationStatus.Succeeded, null));
            return true;
        }

        return false;
    }

    /// <summary>
    /// The gateways send requests to an instance that is still being thawed for them. After a switch nobody would thaw it any more, and those requests
    /// would wait there for nothing.
    /// </summary>
    private static bool IsWaking(ServiceSituation situation) =>
        situation.AppliedRoute is { } route
        && situation.Instances.Any(instance => instance.Phase == InstancePhase.Frozen && route.SendsTo(instance.Id));

    /// <summary>The operation succeeds when the gateways serve the new revision, as the only one or as the canary; draining the old one goes on behind it.</summary>
    private static bool MoveSwitched(ServiceSituation situation, OperationRecord operation, RevisionRecord target, PlanBuilder plan)
    {
        var desired = RoutePlanner.Desired(situation, WantedInstances.Of(situation, plan), plan.Now);
        if (desired.Instances.Any(instance => instance.Revision == target.Number) || desired.Canary is { Instances.Count: > 0 } canary && canary.Revision == target.Number)
        {
            if (situation.IsPublishing || !RoutePlanner.Same(situation.AppliedRoute, desired))
            {
                return false;
            }

            plan.Add(new SettleOperation(OperationStatus.Succeeded, null));
            return true;
        }

        // All of it has fallen since the switch: it gets as many attempts as before.
        if (DeploymentVerdict.Failure(situation, target, plan) is not { } reason)
        {
            return false;
        }

        plan.Add(Failed(situation, operation, reason));
        return true;
    }

    /// <summary>An update that fails goes back first and says so; other operations, and an update with nothing to go back to, have no state for going back.</summary>
    private static SettleOperation Failed(ServiceSituation situation, OperationRecord operation, string reason)
    {
        var service = situation.Service;
        var back = service.ActiveRevision == operation.Revision ? service.PreviousRevision : service.ActiveRevision;
        var status = operation.Type == OperationType.UpdateService && back is not null ? OperationStatus.RollbackInProgress : OperationStatus.Failed;
        return new SettleOperation(status, reason);
    }

    /// <summary>The record names the canary no longer: it is taken back when the gateways have heard of it.</summary>
    private static bool MoveTakeBack(ServiceSituation situation, PlanBuilder plan)
    {
        if (situation.IsPublishing || situation.AppliedRoute is not { Canary: null })
        {
            return false;
        }

        plan.Add(new SettleOperation(OperationStatus.Succeeded, null));
        return true;
    }

    private static bool WithdrawCanary(ServiceSituation situation, PlanBuilder plan)
    {
        if (CanaryRules.Failure(situation) is not { } reason)
        {
            return false;
        }

        plan.Add(new WithdrawCanary(situation.Service.CanaryRevision!.Value, reason));
        return true;
    }

    private static bool MoveRollback(ServiceSituation situation, OperationRecord operation, PlanBuilder plan)
    {
        // A promotion that was cancelled leaves the canary what it was.
        if (operation.Revision == CanaryRules.Standing(situation.Service))
        {
            plan.Add(new SettleOperation(OperationStatus.RollbackSucceeded, operation.FailureReason));
            return true;
        }

        var isKept = operation.Revision == situation.Service.PreviousRevision;
        if (situation.Instances.Any(instance => instance.Revision == operation.Revision && !(isKept && (instance.HasCommands || instance.Phase == InstancePhase.Frozen))))
        {
            return false;
        }

        plan.Add(new SettleOperation(OperationStatus.RollbackSucceeded, operation.FailureReason));
        return true;
    }

    private static bool MovePause(ServiceSituation situation, PlanBuilder plan)
    {
        if (situation.Instances.Count > 0 || situation.AppliedRoute is not { Availability: RouteAvailability.Paused } || situation.IsPublishing)
        {
            return false;
        }

        plan.Add(new SettleOperation(OperationStatus.Succeeded, null));
        return true;
    }

    private static bool MoveDelete(ServiceSituation situation, PlanBuilder plan)
    {
        if (situation.Instances.Count > 0)
        {
            if (situation.StopRefusals < DeploymentDefaults.StopAttempts)
            {
                return false;
            }

            plan.Add(new SettleOperation(OperationStatus.Failed, $"The engine refused {situation.StopRefusals} times to remove instances: {situation.StopRefusalReason} Delete the service again to retry."));
            return true;
        }

        if (situation.IsPublishing)
        {
            return false;
        }

        plan.Add(new RemoveRoute());
        plan.Add(new SettleOperation(OperationStatus.Succeeded, null));
        return true;
    }

    /// <summary>
    /// After a restore of an older backup there may be instances of revisions that the store does not know. They are somebody's work: only pausing or
    /// deleting the service, which was asked for, takes them away.
    /// </summary>
    private static bool IsOurs(ServiceSituation situation, ObservedInstance instance) =>
        situation.Revisions.ContainsKey(instance.Revision)
        || situation.Operation is { HasEnded: false, Type: OperationType.PauseService or OperationType.DeleteService };

    private static void StartMissing(ServiceSituation situation, WantedInstances wanted, PlanBuilder plan)
    {
        foreach (var (revision, count) in wanted.Counts)
        {
            var kept = situation.Instances.Where(instance => instance.Revision == revision && wanted.Keeps(instance)).ToList();
            foreach (var instance in kept.Where(instance => instance is { Phase: InstancePhase.Frozen, IsBusy: false } && !wanted.Rests(instance)))
            {
                plan.Add(new ThawInstance(instance.Id, wanted.Wakes(instance)));
            }

            var missing = count - kept.Count;
            if (missing <= 0)
            {
                continue;
            }

            if (situation.Failures.TryGetValue(revision, out var failures)
                && (situation.Instances.Any(instance => instance.Revision == revision && wanted.IsFailing(instance)) || !plan.IsDue(failures.LastAt + DeploymentDefaults.BackOff(failures.Count))))
            {
                // In a series of failures the newest counts first: it says how long the next attempt waits.
                continue;
            }

            var standby = situation.Instances.Where(instance => instance.Revision == revision && !instance.IsBusy && wanted.StandsBy(instance)).Select(instance => instance.Id).Order(StringComparer.Ordinal).ToList();
            for (var i = 0; i < missing; i++)
            {
                plan.Add(new StartInstance(revision, i < standby.Count ? standby[i] : null));
            }
        }
    }

    /// <summary>Makes what shall stand by, while nothing else is being started: that would take time from what requests wait for.</summary>
    private static void Prepare(ServiceSituation situation, WantedInstances wanted, PlanBuilder plan)
    {
        if (wanted.Standby == 0
            || situation.IsClosing
            || situation.Operation is { HasEnded: false }
            || situation.Service.ActiveRevision is not { } active
            || wanted.Counts.Any(wish => wish.Value > situation.Instances.Count(instance => instance.Revision == wish.Key && wanted.Keeps(instance)))
            || situation.Instances.Any(instance => instance.Phase == InstancePhase.Starting)
            || situation.StandbyRestUntil is { } rest && !plan.IsDue(rest))
        {
            return;
        }

        for (var i = situation.Instances.Count(wanted.StandsBy); i < wanted.Standby; i++)
        {
            plan.Add(new PrepareInstance(active));
        }
    }

    private static void Route(ServiceSituation situation, WantedInstances wanted, PlanBuilder plan)
    {
        if (situation.IsPublishing || situation.Service.Status == ServiceStatus.Deleted || !IsSettled(situation, wanted, plan))
        {
            return;
        }

        var desired = RoutePlanner.Desired(situation, wanted, plan.Now);
        if (!RoutePlanner.Same(situation.AppliedRoute, desired) || desired.Instances.Any(instance => situation.Ejected.Contains(instance.InstanceId)))
        {
            plan.Add(new PublishRoute(desired));
        }
    }

    /// <summary>
    /// After a start of the control plane the gateways go on serving what they have; taking instances away before they have been probed would
    /// interrupt a service that is well.
    /// </summary>
    private static bool IsSettled(ServiceSituation situation, WantedInstances wanted, PlanBuilder plan)
    {
        if (situation.AppliedRoute is not null)
        {
            return true;
        }

        // A probe or two that fail while the machine is busy prove nothing.
        var running = situation.Instances.Where(instance => instance.Phase == InstancePhase.Running).ToList();
        var isProbed = running
            .Where(instance => wanted.MayServe(instance) || wanted.MayServeCanary(instance) || wanted.Keeps(instance) && instance.Revision == situation.Service.ActiveRevision)
            .All(instance => instance.IsHealthy || instance.Health.Failures >= 3);

        // What the gateways serve may be something else, while the replacement of what should serve is on its way.
        var hasSuccessor = !wanted.IsToServe || running.Count == 0 || running.Any(instance => wanted.MayServe(instance) && instance.IsHealthy);
        var time = situation.Service.ActiveRevision is { } number && situation.Revisions.TryGetValue(number, out var active)
            ? DeploymentDefaults.SettleTime(active.Definition.HealthCheck)
            : DeploymentDefaults.SettleLimit;
        return isProbed && hasSuccessor || plan.IsDue(situation.WatchedSince + time);
    }

    /// <summary>Freezes what the gateways have stopped sending requests to, once the last one that they had sent is finished.</summary>
    private static void Rest(ServiceSituation situation, WantedInstances wanted, PlanBuilder plan)
    {
        if (situation.IsPublishing || situation.AppliedRoute is not { } route)
        {
            return;
        }

        foreach (var instance in situation.Instances.Where(instance => instance is { Phase: InstancePhase.Running, IsBusy: false, InFlight: 0, HasCommands: false } && wanted.Rests(instance)))
        {
            if (route.Resting.Any(listed => listed.InstanceId == instance.Id))
            {
                plan.Add(new FreezeInstance(instance.Id));
            }
        }
    }

    private static void Retire(ServiceSituation situation, WantedInstances wanted, PlanBuilder plan)
    {
        foreach (var instance in situation.Instances.Where(instance => !instance.IsBusy && !wanted.Keeps(instance) && IsOurs(situation, instance)))
        {
            switch (instance.Phase)
            {
                case InstancePhase.Starting:
                    plan.Add(Stop(situation, instance) with { Reason = StopReason.Incomplete });
                    break;
                case InstancePhase.Standby when !wanted.StandsBy(instance):
                    plan.Add(Stop(situation, instance));
                    break;
                case InstancePhase.Frozen when !IsKeptForRollback(situation, instance, plan):
                    plan.Add(Stop(situation, instance));
                    break;
                case InstancePhase.Running when IsDrained(situation, instance, plan):
                    // What sleeps counts as well when it wakes, so nothing goes to sleep unproven.
                    if (!situation.CanFreeze || instance.Health.Status != HealthStatus.Healthy || !IsKeptForRollback(situation, instance, plan))
                    {
                        plan.Add(Stop(situation, instance));
                    }
                    else if (!instance.HasCommands)
                    {
                        plan.Add(new FreezeInstance(instance.Id));
                    }

                    break;
            }
        }
    }

    private static bool IsDrained(ServiceSituation situation, ObservedInstance instance, PlanBuilder plan)
    {
        if (situation.IsPublishing)
        {
            // The route that is on its way may list it as serving.
            return false;
        }

        if (!RoutePlanner.MayHaveTraffic(situation, instance))
        {
            return true;
        }

        if (situation.AppliedRoute?.Draining.FirstOrDefault(draining => draining.InstanceId == instance.Id) is not { } listed)
        {
            // Still serving by the route the gateways have: the next route says otherwise.
            return false;
        }

        return instance.InFlight == 0 || plan.IsDue(listed.Until + DeploymentDefaults.DrainGrace);
    }

    private static bool IsKeptForRollback(ServiceSituation situation, ObservedInstance instance, PlanBuilder plan) =>
        instance.Revision == situation.Service.PreviousRevision
        && situation.Service.Status is ServiceStatus.Running or ServiceStatus.OperationInProgress
        && situation.Operation is not { HasEnded: false, Type: OperationType.PauseService or OperationType.DeleteService }
        && situation.Service.PreviousKeptUntil is { } until
        && !plan.IsDue(until);

    private static StopInstance Stop(ServiceSituation situation, ObservedInstance instance)
    {
        // What sleeps is not probed: it was well when it went to sleep. What stands by has never run.
        var isUnproven = instance.Health.Status == HealthStatus.Unproven && instance.Phase is not (InstancePhase.Frozen or InstancePhase.Standby);
        var serves = instance.Revision == situation.Service.ActiveRevision || instance.Revision == situation.Service.CanaryRevision;
        var reason = instance.Health.Status == HealthStatus.Unhealthy || isUnproven && situation.Service.Status == ServiceStatus.Running && serves
            ? StopReason.Unhealthy
            : isUnproven && !serves && instance.Revision != situation.Service.PreviousRevision
                ? StopReason.DeploymentFailed
                : StopReason.Retired;
        var timeout = situation.Revisions.TryGetValue(instance.Revision, out var revision) ? revision.Settings.StopTimeout : situation.Settings.StopTimeout;
        return new StopInstance(instance.Id, reason, timeout);
    }

    /// <summary>Plans again when a crash loop is over, so that it is told.</summary>
    private static void WatchRecovery(ServiceSituation situation, PlanBuilder plan)
    {
        foreach (var instance in situation.Instances)
        {
            if (instance.Health.HealthySince is { } since && situation.Failures.TryGetValue(instance.Revision, out var failures) && failures.Count >= DeploymentDefaults.StartAttempts)
            {
                _ = plan.IsDue(since + DeploymentDefaults.StableAfter);
            }
        }
    }

    private static void LetGo(ServiceSituation situation, PlanBuilder plan)
    {
        foreach (var revision in situation.HeldRevisions.Where(revision => situation.Instances.All(instance => instance.Revision != revision)))
        {
            plan.Add(new ReleaseImage(revision));
        }

        if (situation.Service is { Status: ServiceStatus.Deleted, DeletedAt: { } deletedAt } && situation.Instances.Count == 0 && plan.IsDue(deletedAt + DeploymentDefaults.KeepDeleted))
        {
            plan.Add(new Purge());
        }
    }
}
