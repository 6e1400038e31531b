using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>Revision 1 serves with instance a; revision 2, instance b, is the canary or becomes it.</summary>
public sealed class CanaryTests
{
    private static readonly ServiceSettings _tenPercent = ServiceSettings.Default with { NewPercent = 10 };

    [Theory]
    [InlineData(OperationType.UpdateService)]
    [InlineData(OperationType.StartDeployment)]
    public void Deployment_WithAShare_BecomesACanary(OperationType type)
    {
        var proven = (Given.Deploying(type: type) with { Settings = _tenPercent }).With(Given.Healthy("b", 2));

        proven.Plan().ShouldBe(new BeginCanary(2));
    }

    [Fact]
    public void Deployment_WithoutAShare_TakesAll() => Given.Deploying().With(Given.Healthy("b", 2)).Plan().ShouldBe(new SwitchTraffic(2));

    [Fact]
    public void Rollback_WithAShare_TakesAll()
    {
        var back = Given.Deploying(type: OperationType.UpdateService) with { Settings = _tenPercent };
        back = back with { Operation = back.Operation! with { IsRollback = true } };

        back.With(Given.Healthy("b", 2)).Plan().ShouldBe(new SwitchTraffic(2));
    }

    [Fact]
    public void FirstDeployment_WithAShare_TakesAll()
    {
        var first = (Given.Creating() with { Settings = _tenPercent }).With(Given.Revision(1)).With(Given.Healthy("a", 1));

        first.Plan().ShouldBe(new SwitchTraffic(1));
    }

    [Fact]
    public void Canary_NeedsOnlyWhatItsShareNeeds()
    {
        var busy = new ServiceDemand { InFlight = 1000, KnownSince = Given.Now.AddHours(-1) };
        var deploying = Given.Deploying() with { Settings = ServiceSettings.Default with { NewPercent = 20 }, Demand = busy };

        deploying.Plan().Actions.OfType<StartInstance>().Count(start => start.Revision == 2).ShouldBe(2);
        (deploying with { Settings = ServiceSettings.Default }).Plan().Actions.OfType<StartInstance>().Count(start => start.Revision == 2).ShouldBe(10);
    }

    [Fact]
    public void Canary_IsRoutedBesideTheServingRevision_WithItsOwnLimits()
    {
        var route = Canary().With(Given.Revision(2) with { Scaling = new ScalingLimits(MaxConcurrency: 7), Settings = ServiceSettings.Default with { Protocol = InstanceProtocol.Http2 } }).Plan().Route();

        route.Instances.Select(instance => instance.InstanceId).ShouldBe(["a"]);
        route.Canary.ShouldBe(new RouteCanary
        {
            Revision = 2,
            Beside = 1,
            Percent = 10,
            Availability = RouteAvailability.Serving,
            Instances = [new RouteInstance("b", 2, "10.0.0.2:98")],
            MaxConcurrency = 7,
            Protocol = InstanceProtocol.Http2,
        });
        route.Limits.MaxConcurrency.ShouldBe(100);
    }

    [Fact]
    public void Operation_SucceedsWhenTheGatewaysServeTheCanary()
    {
        var begun = Canary(routed: false).During(OperationType.UpdateService, 2);

        begun.Plan().Actions.ShouldHaveSingleItem().ShouldBeOfType<PublishRoute>();
        begun.Routed().Plan().ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Operation_WhoseCanaryFallsBeforeItIsServed_GoesBack()
    {
        var fallen = Canary().During(OperationType.UpdateService, 2).With(Given.Unhealthy("b", 2));

        fallen.Plan().Actions[^1].ShouldBeOfType<SettleOperation>().Status.ShouldBe(OperationStatus.RollbackInProgress);
    }

    [Fact]
    public void Operation_CancelledAfterItsCanaryHasBegun_GoesBack()
    {
        var begun = Canary().During(OperationType.UpdateService, 2);

        (begun with { Operation = begun.Operation! with { CancelRequested = true } }).Plan()
            .ShouldBe(new SettleOperation(OperationStatus.RollbackInProgress, "The deployment was cancelled on request."));
    }

    [Fact]
    public void Canary_ThatStands_IsLeftAlone() => Canary().Plan().ShouldBeNothing();

    [Fact]
    public void Share_ThatIsChanged_IsToldTheGateways()
    {
        (Canary() with { Settings = ServiceSettings.Default with { NewPercent = 5 } }).Plan().Route().Canary!.Percent.ShouldBe(5);
        (Canary() with { Settings = ServiceSettings.Default with { NewPercent = 50 } }).Plan().Route().Canary!.Percent.ShouldBe(50);
    }

    [Fact]
    public void Share_ThatRises_WaitsForTheInstancesThatItNeeds()
    {
        var busy = new ServiceDemand { InFlight = 900, KnownSince = Given.Now.AddHours(-1) };
        var canarys = new ServiceDemand { InFlight = 100, KnownSince = Given.Now.AddHours(-1) };
        var many = Given.Running(10).With(Given.Revision(2));
        many = (Stands(many) with { Settings = _tenPercent, Demand = busy, CanaryDemand = canarys }).With(Given.Healthy("z", 2)).Routed();
        var rising = many with { Settings = ServiceSettings.Default with { NewPercent = 30 } };

        var plan = rising.Plan();
        plan.ShouldBe(new StartInstance(2), new StartInstance(2));

        rising.With(Given.Healthy("y", 2)).With(Given.Healthy("x", 2)).Plan().Route().Canary!.Percent.ShouldBe(30);
    }

    [Fact]
    public void Canary_IsScaledByItsOwnLoad_UpToItsShareOfTheMaximum()
    {
        var none = new ServiceDemand { KnownSince = Given.Now.AddHours(-1) };
        var canary = Canary() with { Settings = ServiceSettings.Default with { NewPercent = 20, Idle = IdleMode.Active }, Demand = none, CanaryDemand = none };
        canary = canary.Routed();

        (canary with { CanaryDemand = none with { Waiting = 150 } }).Plan().ShouldBe(new StartInstance(2));
        (canary with { CanaryDemand = none with { Waiting = 9000 } }).Plan().Actions.Count.ShouldBe(4, "a fifth of 25, one of which is there");
        (canary with { Demand = none with { Waiting = 150 } }).Plan().ShouldBe(new StartInstance(1));
    }

    [Fact]
    public void Canary_WithoutRequests_SleepsByItself_AndIsWokenByItself()
    {
        var none = new ServiceDemand { KnownSince = Given.Now.AddHours(-1) };
        var idle = Canary() with { Demand = none with { InFlight = 1 }, CanaryDemand = none };
        idle = idle
            .With(Given.Healthy("a", 1) with { InFlight = 1, LastUsedAt = Given.Now })
            .With(Given.Healthy("b", 2) with { StartedAt = Given.Now.AddMinutes(-5), LastUsedAt = Given.Now.AddMinutes(-5) });

        var route = idle.Plan().Route();
        route.Instances.Select(instance => instance.InstanceId).ShouldBe(["a"]);
        route.Resting.Select(instance => instance.InstanceId).ShouldBe(["b"]);
        route.Canary.ShouldNotBeNull().Availability.ShouldBe(RouteAvailability.Asleep);
        route.Availability.ShouldBe(RouteAvailability.Serving);
        var resting = idle with { AppliedRoute = route };
        resting.Plan().ShouldBe(new FreezeInstance("b"));

        var wanted = resting.With(Given.Healthy("b", 2) with { Phase = InstancePhase.Frozen, StartedAt = Given.Now.AddMinutes(-5) }) with { CanaryDemand = none with { Waiting = 1 } };
        wanted.Plan().Actions.OfType<ThawInstance>().ShouldBe([new ThawInstance("b", IsWaking: true)]);
        wanted.Plan().Route().Canary!.Instances.Select(instance => instance.InstanceId).ShouldBe(["b"]);
    }

    [Fact]
    public void Canary_OfAServiceThatMayStop_StopsAndStartsByItself()
    {
        var none = new ServiceDemand { KnownSince = Given.Now.AddHours(-1) };
        var zero = Canary() with { Settings = _tenPercent with { MinSize = 0 }, Demand = none with { InFlight = 1 }, CanaryDemand = none };
        var gone = zero.With(Given.Healthy("a", 1) with { InFlight = 1, LastUsedAt = Given.Now }).Without("b");

        gone.Plan().Route().Canary.ShouldNotBeNull().Availability.ShouldBe(RouteAvailability.Asleep);
        (gone.Routed() with { CanaryDemand = none with { Waiting = 3 } }).Plan().ShouldBe(new StartInstance(2));
    }

    [Fact]
    public void Canary_ThatIsIll_IsWithdrawn() =>
        Canary().With(Given.Unhealthy("b", 2)).Plan().ShouldBe(new WithdrawCanary(2, "Instance b was unhealthy: connection refused."));

    [Fact]
    public void Canary_ThatHasEnded_IsWithdrawn()
    {
        var ended = Canary().Without("b").WithFailures(2, new StartFailures(1, Given.Now, "exit code 1", false));

        ended.Plan().ShouldBe(new WithdrawCanary(2, "exit code 1"));
    }

    [Fact]
    public void Canary_ThatHadFailuresBeforeItStood_Stands() =>
        Canary().WithFailures(2, new StartFailures(2, Given.Now.AddMinutes(-20), "exit code 1", false)).Plan().ShouldBeNothing();

    [Fact]
    public void Canary_ThatTheEngineCouldNotStart_IsTriedAgainFirst()
    {
        var refused = Canary().Without("b").Routed();

        refused.WithFailures(2, new StartFailures(1, Given.Now, "refused", false, HasRun: false)).Plan().ShouldBe(new StartInstance(2));
        refused.WithFailures(2, new StartFailures(3, Given.Now, "refused", false, HasRun: false)).Plan().ShouldBe(new WithdrawCanary(2, "refused"));
    }

    [Fact]
    public void Canary_ThatFailsDuringAnUpdate_IsWithdrawn_AndTheUpdateGoesOn()
    {
        var updating = Canary().With(Given.Revision(3)).During(OperationType.UpdateService, 3).With(Given.Unhealthy("b", 2));

        updating.Plan().ShouldBe(new WithdrawCanary(2, "Instance b was unhealthy: connection refused."));
    }

    [Fact]
    public void Update_DuringACanary_TakesItsPlaceWhenItIsProven()
    {
        var updating = Canary().With(Given.Revision(3)).During(OperationType.UpdateService, 3);

        updating.Plan().ShouldBe(new StartInstance(3));
        updating.With(Given.Healthy("c", 3)).Plan().ShouldBe(new BeginCanary(3));

        var begun = updating with { Service = updating.Service with { CanaryRevision = 3 } };
        var route = begun.With(Given.Healthy("c", 3)).Plan().Route();
        route.Canary!.Instances.Select(instance => instance.InstanceId).ShouldBe(["c"]);
        route.Draining.Select(instance => instance.InstanceId).ShouldBe(["b"]);
    }

    [Fact]
    public void Promotion_BringsUpWhatTheWholeLoadNeeds_AndSwitches()
    {
        var busy = new ServiceDemand { InFlight = 280, KnownSince = Given.Now.AddHours(-1) };
        var promoting = Promoting() with { Demand = busy, CanaryDemand = new ServiceDemand { InFlight = 15, KnownSince = Given.Now.AddHours(-1) } };

        promoting.Plan().Actions.OfType<StartInstance>().Count(start => start.Revision == 2).ShouldBe(2);
        promoting.With(Given.Healthy("c", 2)).With(Given.Healthy("d", 2)).Plan().Actions[^1].ShouldBe(new SwitchTraffic(2));
    }

    [Fact]
    public void Promotion_OfASleepingCanary_WakesIt()
    {
        var asleep = Promoting().With(Given.Healthy("b", 2) with { Phase = InstancePhase.Frozen });

        asleep.Plan().Actions.ShouldContain(new ThawInstance("b", IsWaking: true));
    }

    [Fact]
    public void Promotion_ThatIsCancelled_LeavesTheCanary()
    {
        var promoting = Promoting();
        var cancelled = promoting with { Operation = promoting.Operation! with { CancelRequested = true } };
        cancelled.Plan().ShouldBe(new SettleOperation(OperationStatus.RollbackInProgress, "The promotion was cancelled on request."));

        var back = cancelled with { Operation = cancelled.Operation! with { Status = OperationStatus.RollbackInProgress, FailureReason = "x" } };
        back.Plan().ShouldBe(new SettleOperation(OperationStatus.RollbackSucceeded, "x"));
    }

    [Fact]
    public void TakeBack_SucceedsWhenTheGatewaysSendItNothing()
    {
        var canary = Canary();
        var taking = (canary with { Service = canary.Service with { CanaryRevision = null } }).During(OperationType.UpdateService, null);
        taking = taking with { Operation = taking.Operation! with { IsRollback = true, TakesBack = 2 } };

        var route = taking.Plan().Actions.ShouldHaveSingleItem().ShouldBeOfType<PublishRoute>().Route;
        route.Canary.ShouldBeNull();
        route.Draining.Select(instance => instance.InstanceId).ShouldBe(["b"]);
        (taking with { AppliedRoute = route }).Plan().Actions[^1].ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Pause_TakesTheCanaryDown_AndAResumeBringsItUpAgain()
    {
        Canary().During(OperationType.PauseService, null).Plan().Route().Canary.ShouldBeNull();
        var resumed = Canary().Without("b").Routed();
        resumed.Plan().ShouldBe(new StartInstance(2));
    }

    [Fact]
    public void ServingRevision_ThatHasFallen_LeavesTheCanaryServing()
    {
        var fallen = Canary().With(Given.Unhealthy("a", 1));

        var route = fallen.Plan().Route();
        route.Availability.ShouldBe(RouteAvailability.Unavailable);
        route.Canary!.Availability.ShouldBe(RouteAvailability.Serving);
    }

    private static ServiceSituation Promoting()
    {
        var promoting = Canary().During(OperationType.UpdateService, 2);
        return promoting with { Operation = promoting.Operation! with { IsPromotion = true } };
    }

    private static ServiceSituation Canary(bool routed = true)
    {
        var situation = (Stands(Given.Running().With(Given.Revision(2))) with { Settings = _tenPercent }).With(Given.Healthy("b", 2));
        return routed ? situation.Routed() : situation;
    }

    private static ServiceSituation Stands(ServiceSituation situation) => situation with
    {
        Service = situation.Service with { CanaryRevision = 2, CanarySince = Given.Now.AddMinutes(-10), LastRevision = 2 },
    };
}
