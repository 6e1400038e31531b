using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>What holds for every plan of every situation. A failure names the seed of its situation.</summary>
public sealed class PlanPropertyTests
{
    private const int Seeds = 5_000;

    [Fact]
    public void Plan_AnySituation_NeverStopsOrFreezesWhatServes() => ForAll((situation, plan) =>
    {
        // What has ended, or was never complete, serves nobody whatever the route says.
        var serving = situation.Instances.Select(instance => instance.Id).Where(id => situation.AppliedRoute?.SendsTo(id) == true).ToHashSet();
        var running = situation.Instances.Where(instance => instance.Phase == InstancePhase.Running).Select(instance => instance.Id);
        if (situation.Service.Status != ServiceStatus.Deleted)
        {
            Targets(plan, action => action is StopInstance or FreezeInstance).Intersect(running).Where(serving.Contains).ShouldBeEmpty();
        }
    });

    [Fact]
    public void Plan_AnySituation_StopsWhatHasRequestsOnlyAfterItsTime() => ForAll((situation, plan) =>
    {
        foreach (var id in Targets(plan, action => action is StopInstance or FreezeInstance))
        {
            var instance = situation.Instances.Single(instance => instance.Id == id);
            var until = situation.AppliedRoute?.Draining.FirstOrDefault(draining => draining.InstanceId == id)?.Until;
            if (instance.Phase == InstancePhase.Running && until is { } end && end > Given.Now && situation.Service.Status != ServiceStatus.Deleted)
            {
                instance.InFlight.ShouldBe(0);
            }
        }
    });

    [Fact]
    public void Plan_AnySituation_RoutesOnlyHealthyInstancesOfTheActiveRevision() => ForAll((situation, plan) =>
    {
        foreach (var route in plan.Actions.OfType<PublishRoute>().Select(publish => publish.Route))
        {
            var instances = situation.Instances.ToDictionary(instance => instance.Id);
            route.Instances.ShouldAllBe(listed => instances[listed.InstanceId].Endpoint == listed.Address && (instances[listed.InstanceId].IsHealthy || IsWoken(instances[listed.InstanceId], plan)));
            if (route.Instances.Any(listed => listed.Revision != situation.Service.ActiveRevision))
            {
                // Only a switch whose new revision has fallen leaves the old one serving.
                route.Instances.ShouldAllBe(listed => listed.Revision == situation.Service.PreviousRevision);
                situation.Operation!.Revision.ShouldBe(situation.Service.ActiveRevision);
                situation.Instances.Any(instance => instance.Revision == situation.Service.ActiveRevision && instance.IsHealthy).ShouldBeFalse();
            }

            if (route.Canary is { } canary)
            {
                canary.Revision.ShouldBe(situation.Service.CanaryRevision!.Value);
                canary.Instances.ShouldAllBe(listed => listed.Revision == canary.Revision && instances[listed.InstanceId].Endpoint == listed.Address && (instances[listed.InstanceId].IsHealthy || IsWoken(instances[listed.InstanceId], plan)));
                (canary.Availability == RouteAvailability.Serving).ShouldBe(canary.Instances.Count > 0);
                canary.Instances.Select(listed => listed.InstanceId).Intersect(route.Instances.Concat(route.Resting).Select(listed => listed.InstanceId)).ShouldBeEmpty();
                canary.Instances.Select(listed => listed.InstanceId).Intersect(route.Draining.Select(listed => listed.InstanceId)).ShouldBeEmpty();
            }

            route.Resting.Select(listed => listed.InstanceId).Intersect(route.Draining.Select(listed => listed.InstanceId).Concat(route.Instances.Select(listed => listed.InstanceId))).ShouldBeEmpty();
            route.Draining.Select(listed => listed.InstanceId).Intersect(route.Instances.Select(listed => listed.InstanceId)).ShouldBeEmpty();
            (route.Availability == RouteAvailability.Serving).ShouldBe(route.Instances.Count > 0);
        }
    });

    [Fact]
    public void Plan_AnySituation_AsksOneThingOfAnInstanceAndNothingOfABusyOne() => ForAll((situation, plan) =>
    {
        var targets = Targets(plan, _ => true);
        targets.ShouldBeUnique();
        situation.Instances.Where(instance => instance.IsBusy).Select(instance => instance.Id).Intersect(targets).ShouldBeEmpty();
    });

    [Fact]
    public void Plan_AnySituation_LeavesUnknownRevisionsAlone() => ForAll((situation, plan) =>
    {
        if (situation.Operation is { Type: OperationType.PauseService or OperationType.DeleteService })
        {
            return;
        }

        var unknown = situation.Instances.Where(instance => !situation.Revisions.ContainsKey(instance.Revision)).Select(instance => instance.Id);
        Targets(plan, _ => true).Intersect(unknown).ShouldBeEmpty();
    });

    [Fact]
    public void Plan_AnySituation_NeverStartsMoreOfARevisionThanItsLoadNeeds() => ForAll((situation, plan) =>
    {
        foreach (var (number, revision) in situation.Revisions)
        {
            var begun = plan.Actions.OfType<StartInstance>().Count(start => start.Revision == number);
            if (begun == 0)
            {
                continue;
            }

            var usable = situation.Instances.Count(instance => instance.Revision == number
                && (instance.IsHealthy && instance.DrainingSince is null || instance is { Phase: InstancePhase.Starting, IsBusy: true } or { Phase: InstancePhase.Frozen }));
            var policy = ScalingPolicy.Of(revision.Scaling, situation.Settings);
            var needed = Math.Clamp(Math.Max(policy.MinSize, policy.Needed(situation.Demand.Open + situation.CanaryDemand.Open)), 1, policy.MaxSize);
            var scaled = number == situation.Service.ActiveRevision ? plan.Scale?.Provisioned ?? 0 : number == situation.Service.CanaryRevision ? plan.CanaryScale?.Provisioned ?? 0 : 0;
            (usable + begun).ShouldBeLessThanOrEqualTo(Math.Max(needed, scaled));
        }
    });

    [Fact]
    public void Plan_AnySituation_ChangesTheRecordsOnceAndLast() => ForAll((_, plan) =>
    {
        var changes = plan.Actions.Where(action => action is SettleOperation or SwitchTraffic or BeginCanary or WithdrawCanary).ToList();
        changes.Count.ShouldBeLessThanOrEqualTo(1);
        if (changes.Count == 1)
        {
            plan.Actions[^1].ShouldBe(changes[0]);
        }
    });

    [Fact]
    public void Plan_WithoutAnEngine_IsEmpty() => ForAll((situation, _) => (situation with { EngineAnswers = false }).Plan().ShouldBeNothing());

    [Fact]
    public void Plan_ADeletedService_IsForgottenOnlyWithoutInstances() => ForAll((situation, plan) =>
    {
        if (plan.Actions.OfType<Purge>().Any())
        {
            situation.Service.Status.ShouldBe(ServiceStatus.Deleted);
            situation.Instances.ShouldBeEmpty();
        }
    });

    [Fact]
    public void Plan_TheSameSituation_IsTheSameWhateverTheOrderOfInstances() => ForAll((situation, plan) =>
    {
        Text(situation.Plan()).ShouldBe(Text(plan));
        var reversed = (situation with { Instances = [.. situation.Instances.Reverse()] }).Plan();
        Text(reversed, sorted: true).ShouldBe(Text(plan, sorted: true));
        if (!plan.Actions.Any(action => action is SettleOperation or WithdrawCanary))
        {
            reversed.WakeAt.ShouldBe(plan.WakeAt);
        }
    });

    [Fact]
    public void Plan_UntilItsMoment_StaysTheSame() => ForAll((situation, plan) =>
    {
        plan.WakeAt?.ShouldBeGreaterThan(Given.Now);
        var wait = plan.WakeAt is { } moment ? moment - Given.Now : TimeSpan.FromDays(1);

        // Time alone changes nothing before the plan's moment, except the end of draining in a route that is to be published anyway.
        var later = situation.Plan(Given.Now + wait - TimeSpan.FromTicks(1));
        Text(later, withoutDraining: true).ShouldBe(Text(plan, withoutDraining: true));
    });

    /// <summary>It was well when it was frozen, and the same plan thaws it (or a call that does is under way).</summary>
    private static bool IsWoken(ObservedInstance instance, ServicePlan plan) =>
        instance.Phase == InstancePhase.Frozen && (instance.IsWaking || plan.Actions.Contains(new ThawInstance(instance.Id, IsWaking: true)));

    private static void ForAll(Action<ServiceSituation, ServicePlan> check)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var situation = new RandomSituation(seed).Next();
            try
            {
                check(situation, situation.Plan());
            }
            catch (Exception failure)
            {
                throw new ShouldAssertException($"Situation of seed {seed}: {failure.Message}", failure);
            }
        }
    }

    private static List<string> Targets(ServicePlan plan, Func<PlannedAction, bool> which) =>
    [
        .. plan.Actions.Where(which).Select(action => action switch
        {
            StopInstance stop => stop.InstanceId,
            FreezeInstance freeze => freeze.InstanceId,
            ThawInstance thaw => thaw.InstanceId,
            StartInstance start => start.InstanceId,
            _ => null,
        }).OfType<string>(),
    ];

    private static string Text(ServicePlan plan, bool sorted = false, bool withoutDraining = false)
    {
        var lines = plan.Actions.Select(action => action is PublishRoute { Route: var route }
            ? $"publish {route.Availability} [{string.Join(' ', route.Instances)}] [{route.Canary?.Availability} {route.Canary?.Percent} {string.Join(' ', route.Canary?.Instances ?? [])}] [{string.Join(' ', withoutDraining ? route.Draining.Select(d => d with { Until = default }) : route.Draining)}]"
            : action.ToString());
        return string.Join('\n', sorted ? lines.Order(StringComparer.Ordinal) : lines);
    }
}
