using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Schedules;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Deployments;

/// <summary>Which revisions shall run how many instances now, and which of the present ones those are.</summary>
internal sealed class WantedInstances
{
    private readonly Dictionary<int, int> _counts = [];
    private readonly HashSet<string> _kept = [];
    private readonly HashSet<string> _neverHealthy = [];
    private readonly HashSet<string> _resting = [];
    private readonly HashSet<string> _standby = [];
    private readonly int? _active;
    private readonly int? _fallback;
    private bool _isShareRising;

    private WantedInstances(int? active, int? fallback)
    {
        _active = active;
        _fallback = fallback;
    }

    public IReadOnlyDictionary<int, int> Counts => _counts;

    public bool Keeps(ObservedInstance instance) => _kept.Contains(instance.Id);

    /// <summary>How many instances of the serving revision shall stand by, beside those that are to be started now.</summary>
    public int Standby { get; private set; }

    /// <summary>It stands by and is of use: for the next start, or for one of now.</summary>
    public bool StandsBy(ObservedInstance instance) => _standby.Contains(instance.Id);

    /// <summary>It is kept, but sleeps or goes to sleep.</summary>
    public bool Rests(ObservedInstance instance) => _resting.Contains(instance.Id);

    /// <summary>
    /// Nothing is awake because nothing was asked for: requests are held, until it turns out that starting fails, and again when the next attempt is due.
    /// </summary>
    public bool IsAsleep { get; private set; }

    /// <summary>The revision that shall take a part of the requests beside the active one; null for none.</summary>
    public int? Canary { get; private set; }

    /// <summary>As <see cref="IsAsleep"/>, of the canary.</summary>
    public bool IsCanaryAsleep { get; private set; }

    /// <summary>The canary is to take more than it takes now, and has not as many instances yet as that needs.</summary>
    public bool LacksCanaries(ServiceSituation situation) =>
        _isShareRising && Canary is { } canary && situation.Instances.Count(instance => instance.Revision == canary && Keeps(instance) && IsProven(instance)) < _counts[canary];

    /// <summary>It is being cleared away, or will be: whether that counts as a failure is not written down yet.</summary>
    public bool IsFailing(ObservedInstance instance) => instance.Phase is InstancePhase.Exited or InstancePhase.Stopping || _neverHealthy.Contains(instance.Id);

    /// <summary>Something of the active revision shall take requests.</summary>
    public bool IsToServe => _active is { } active && _counts.ContainsKey(active);

    /// <summary>The instance takes requests as soon as it is healthy.</summary>
    public bool MayServe(ObservedInstance instance) => Keeps(instance) && !Rests(instance) && instance.Revision == (_fallback ?? _active);

    /// <summary>As <see cref="MayServe"/>, of the canary.</summary>
    public bool MayServeCanary(ObservedInstance instance) => Keeps(instance) && !Rests(instance) && instance.Revision == Canary;

    /// <summary>It is frozen, was well before, and shall take requests again.</summary>
    public bool Wakes(ObservedInstance instance) =>
        instance.Phase == InstancePhase.Frozen
        && (MayServe(instance) && instance.Revision == _active || MayServeCanary(instance))
        && (!instance.IsBusy || instance.IsWaking);

    public static WantedInstances Of(ServiceSituation situation, PlanBuilder plan)
    {
        var service = situation.Service;
        var wanted = new WantedInstances(service.ActiveRevision, Fallback(situation));
        wanted._neverHealthy.UnionWith(situation.Instances.Where(instance => HasFailedToStart(instance, situation, plan)).Select(instance => instance.Id));
        if (Serves(situation) && service.ActiveRevision is { } active && situation.Revisions.TryGetValue(active, out var serving))
        {
            var decision = wanted.Decide(situation, serving, Policy(situation, serving, plan), situation.Demand, plan);
            wanted._counts[active] = decision.Provisioned;
            plan.Scale = decision;
            wanted.DecideCanary(situation, plan);
        }

        if (BringsUp(situation.Operation) is { } target && situation.Revisions.TryGetValue(target, out var coming) && coming.Image is not null)
        {
            wanted._counts[target] = Math.Max(wanted._counts.GetValueOrDefault(target), NeededToSwitch(situation, coming, plan));
        }

        foreach (var (revision, count) in wanted._counts)
        {
            // The proven and old ones stay, so that an excess never costs an instance with traffic.
            var present = situation.Instances
                .Where(instance => instance.Revision == revision && wanted.IsUsable(instance, situation))
                .OrderByDescending(instance => instance.IsHealthy)
                .ThenByDescending(instance => instance.Phase == InstancePhase.Running)
                .ThenByDescending(instance => instance.InFlight ?? 0)
                .ThenBy(instance => instance.StartedAt)
                .ThenBy(instance => instance.Id, StringComparer.Ordinal)
                .Take(count);
            wanted._kept.UnionWith(present.Select(instance => instance.Id));
        }

        if (plan.Scale is { } scale && service.ActiveRevision is { } served && situation.Revisions.TryGetValue(served, out var kept))
        {
            var policy = Policy(situation, kept, plan);
            wanted.StandBy(situation, served, policy, scale);
            wanted.IsAsleep = wanted.PutToRest(situation, served, policy, scale, plan) || wanted.FallsAsleep(situation, served) || StartsOnDemand(situation, served, policy, plan);
        }

        if (plan.CanaryScale is { } canaryScale && wanted.Canary is { } canary)
        {
            var policy = CanaryPolicy(situation, situation.Revisions[canary], plan);
            wanted.IsCanaryAsleep = wanted.PutToRest(situation, canary, policy, canaryScale, plan) || wanted.FallsAsleep(situation, canary) || StartsOnDemand(situation, canary, policy, plan);
        }

        if (wanted._fallback is { } fallback)
        {
            wanted._kept.UnionWith(situation.Instances.Where(instance => StillServes(instance, fallback)).Select(instance => instance.Id));
        }

        return wanted;
    }

    /// <summary>
    /// How many healthy instances the operation's revision needs before traffic goes to it: enough for the load of now, or its part of it, and at least one,
    /// which has to prove itself even where none has to stay.
    /// </summary>
    public static int NeededToSwitch(ServiceSituation situation, RevisionRecord revision, PlanBuilder plan)
    {
        var (policy, open) = (ScalingPolicy.Of(revision.Scaling, situation.Settings).AtLeast(Scheduled(situation, plan)), situation.Demand.Open + situation.CanaryDemand.Open);
        if (situation.Operation is { } operation && CanaryRules.BecomesCanary(situation, operation))
        {
            var percent = situation.Settings.NewPercent;
            (policy, open) = (CanaryRules.Policy(policy, percent), CanaryRules.Share(open, percent));
        }

        return Math.Clamp(Math.Max(policy.MinSize, policy.Needed(open)), 1, policy.MaxSize);
    }

    private void DecideCanary(ServiceSituation situation, PlanBuilder plan)
    {
        if (CanaryRules.Standing(situation.Service) is not { } number || !situation.Revisions.TryGetValue(number, out var canary))
        {
            return;
        }

        Canary = number;
        var (policy, percent) = (CanaryPolicy(situation, canary, plan), situation.Settings.NewPercent);
        _isShareRising = situation.AppliedRoute?.Canary is { } applied && applied.Revision == number && applied.Percent < percent;

        // Whoever gives it more gives it first what that needs.
        var open = _isShareRising ? Math.Max(situation.CanaryDemand.Open, CanaryRules.Share(situation.Demand.Open + situation.CanaryDemand.Open, percent)) : 0;
        var decision = Decide(situation, canary, policy with { MinSize = Math.Max(policy.MinSize, Math.Min(policy.Needed(open), policy.MaxSize)) }, situation.CanaryDemand, plan);
        _counts[number] = decision.Provisioned;
        plan.CanaryScale = decision;
    }

    private ScaleDecision Decide(ServiceSituation situation, RevisionRecord serving, ScalingPolicy policy, ServiceDemand demand, PlanBuilder plan)
    {
        var present = situation.Instances
            .Where(instance => instance.Revision == serving.Number && instance.DrainingSince is null && IsUsable(instance, situation))
            .ToList();

        policy = policy with { StartsSlowly = present.Exists(instance => StartsSlowly(instance, situation, plan)) };
        DateTimeOffset? idleSince = null;
        foreach (var instance in present)
        {
            var since = RestsFrom(instance, policy, situation) - policy.IdlePeriod;
            idleSince = idleSince is { } known && known > since ? known : since;
        }

        var decision = AutoScaler.Decide(
            policy,
            demand,
            situation.Usage.GetValueOrDefault(serving.Number, InstanceUsage.None),
            present.Count,
            present.Count(instance => instance.Phase == InstancePhase.Running),
            present.Count(IsProven),
            present.TrueForAll(instance => instance is { IsBusy: false, InFlight: 0, HasCommands: false }) ? idleSince : null,
            plan.Now);
        decision = MachineBudget.Apply(decision, present.Count, Math.Max(1, policy.MinSize), (long)serving.Definition.MemoryMegabytes << 20, situation.FreeMemory, plan.Now);
        if (decision.WakeAt is { } moment)
        {
            plan.IsDue(moment);
        }

        // While no other may be started in its place, requests would be turned away instead of held.
        if (decision.Provisioned == 0 && present.Exists(IsProven) && !StartsOnDemand(situation, serving.Number, policy, plan))
        {
            decision = decision with { Provisioned = 1 };
        }

        // What an operation has just brought up is awake until the operation has ended, and everything is when nobody will be there to wake it.
        if (!situation.IsClosing && BringsUp(situation.Operation) != serving.Number)
        {
            return decision;
        }

        var all = Math.Max(decision.Provisioned, Math.Min(present.Count, policy.MaxSize));
        return decision with { Provisioned = all, Active = all };
    }

    private static ScalingPolicy Policy(ServiceSituation situation, RevisionRecord revision, PlanBuilder plan)
    {
        var policy = ScalingPolicy.Of(revision.Scaling, situation.Settings).AtLeast(Scheduled(situation, plan));
        return situation.CanFreeze ? policy : policy with { MayFreeze = false };
    }

    private static ScheduledMinimum Scheduled(ServiceSituation situation, PlanBuilder plan)
    {
        var scheduled = situation.Settings.Schedule.At(plan.Now);
        if (scheduled.ChangesAt is { } change)
        {
            plan.IsDue(change);
        }

        return scheduled;
    }

    /// <summary>The canary that is being promoted is on its way to be all there is.</summary>
    private static ScalingPolicy CanaryPolicy(ServiceSituation situation, RevisionRecord canary, PlanBuilder plan) =>
        BringsUp(situation.Operation) == canary.Number && situation.Operation is { IsPromotion: true }
            ? Policy(situation, canary, plan)
            : CanaryRules.Policy(Policy(situation, canary, plan), situation.Settings.NewPercent);

    /// <summary>It is well, or was when it fell asleep.</summary>
    private static bool IsProven(ObservedInstance instance) => instance.IsHealthy || instance.Phase == InstancePhase.Frozen;

    /// <summary>How long the start of an instance took is only known of those that were watched.</summary>
    private static bool StartsSlowly(ObservedInstance instance, ServiceSituation situation, PlanBuilder plan) =>
        instance.Phase == InstancePhase.Running
        && instance.StartedAt > situation.WatchedSince
        && (instance.Health.HealthySince ?? plan.Now) - instance.StartedAt > ScalingDefaults.BurstTime;

    /// <summary>The moment from which an instance without requests may sleep.</summary>
    private static DateTimeOffset RestsFrom(ObservedInstance instance, ScalingPolicy policy, ServiceSituation situation)
    {
        // Who has just come does not know when it was last used.
        var used = instance.LastUsedAt is { } last && last > situation.WatchedSince ? last : situation.WatchedSince;
        var (idle, started) = (used + policy.IdlePeriod, instance.StartedAt + policy.AwakeAfterStart);
        return instance.Phase == InstancePhase.Running && started > idle ? started : idle;
    }

    /// <summary>
    /// What stands by is used for what is missing now, and some more of it is kept for later. An operation changes nothing about it: its machine is busy
    /// enough.
    /// </summary>
    private void StandBy(ServiceSituation situation, int active, ScalingPolicy policy, ScaleDecision scale)
    {
        Standby = Math.Clamp(policy.Standby, 0, Math.Max(0, policy.MaxSize - scale.Provisioned));
        var missing = Math.Max(0, _counts[active] - situation.Instances.Count(instance => instance.Revision == active && Keeps(instance)));
        var present = situation.Instances
            .Where(instance => instance.Phase == InstancePhase.Standby && instance.Revision == active)
            .OrderBy(instance => instance.IsBusy)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal)
            .Take(missing + Standby);
        _standby.UnionWith(present.Select(instance => instance.Id));
    }

    /// <summary>Chooses which of the revision's kept instances are awake: those that are, then those used last. True when some are not.</summary>
    private bool PutToRest(ServiceSituation situation, int revision, ScalingPolicy policy, ScaleDecision scale, PlanBuilder plan)
    {
        var rest = false;
        var surplus = situation.Instances
            .Where(instance => instance.Revision == revision && Keeps(instance) && instance.Phase is InstancePhase.Running or InstancePhase.Frozen)
            .OrderByDescending(instance => instance.Phase == InstancePhase.Running && !IsResting(situation, instance))
            .ThenByDescending(instance => instance.IsWaking)
            .ThenByDescending(instance => instance.InFlight ?? 0)
            .ThenByDescending(instance => instance.LastUsedAt)
            .ThenBy(instance => instance.Id, StringComparer.Ordinal)
            .Skip(scale.Active);
        foreach (var instance in surplus)
        {
            var isAsleep = instance is { Phase: InstancePhase.Frozen, IsWaking: false } || IsResting(situation, instance);
            if (isAsleep || instance is { IsHealthy: true, InFlight: 0, IsBusy: false, HasCommands: false } && plan.IsDue(RestsFrom(instance, policy, situation)))
            {
                _resting.Add(instance.Id);
                rest = true;
            }
        }

        return rest;
    }

    /// <summary>Requests that come while something is being frozen wait for it to be thawed.</summary>
    private bool FallsAsleep(ServiceSituation situation, int revision) =>
        situation.Instances.Any(instance => instance.IsFallingAsleep && instance.Revision == revision && Keeps(instance));

    private static bool StartsOnDemand(ServiceSituation situation, int revision, ScalingPolicy policy, PlanBuilder plan) =>
        policy.MinSize == 0
        && (!situation.Failures.TryGetValue(revision, out var failures)
            || failures is { IsCertain: false, Count: < DeploymentDefaults.StartAttempts }
            || plan.IsDue(failures.LastAt + DeploymentDefaults.BackOff(failures.Count)));

    private static bool IsResting(ServiceSituation situation, ObservedInstance instance) =>
        situation.AppliedRoute is { } route && route.Resting.Any(listed => listed.InstanceId == instance.Id);

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
        // What is being frozen is not probed any more.
        if (instance is not { Phase: InstancePhase.Running, IsFallingAsleep: false, Health.Status: HealthStatus.Unproven } || BringsUp(situation.Operation) == instance.Revision)
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
