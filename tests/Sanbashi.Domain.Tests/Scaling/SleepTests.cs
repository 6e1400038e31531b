using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Tests.Deployments;

namespace Sanbashi.Domain.Tests.Scaling;

public sealed class SleepTests
{
    private static readonly DateTimeOffset _now = Given.Now;

    [Fact]
    public void Plan_InstanceWithoutRequests_IsTakenOutOfTheRouteBeforeItIsFrozen()
    {
        var idle = Quiet(Given.Running());

        var route = idle.Plan().Route();
        route.Availability.ShouldBe(RouteAvailability.Asleep);
        route.Instances.ShouldBeEmpty();
        route.Resting.Select(resting => resting.InstanceId).ShouldBe(["a"]);

        (idle with { IsPublishing = true }).Plan().ShouldBeNothing();
        (idle with { AppliedRoute = route }).Plan().ShouldBe(new FreezeInstance("a"));
    }

    [Fact]
    public void Plan_RequestThatCameBeforeTheRouteChanged_KeepsTheInstanceAwake()
    {
        var idle = Quiet(Given.Running());
        var late = idle with { AppliedRoute = idle.Plan().Route(), Demand = idle.Demand with { InFlight = 1 } };

        var plan = late.With(late.Instances[0] with { InFlight = 1 }).Plan();

        plan.Actions.ShouldHaveSingleItem().ShouldBeOfType<PublishRoute>().Route.Instances.Select(instance => instance.InstanceId).ShouldBe(["a"]);
    }

    [Fact]
    public void Plan_UnknownTraffic_FreezesNothing()
    {
        var idle = Quiet(Given.Running());
        (idle with { Demand = ServiceDemand.Unknown }).Plan().ShouldBeNothing();
        idle.With(idle.Instances[0] with { InFlight = null }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_RecentStartCommandOrUse_KeepsAnInstanceAwake()
    {
        var idle = Quiet(Given.Running());
        idle.With(idle.Instances[0] with { StartedAt = _now.AddSeconds(-59) }).Plan().WakeAt.ShouldBe(_now.AddSeconds(1));
        idle.With(idle.Instances[0] with { LastUsedAt = _now.AddSeconds(-9) }).Plan().WakeAt.ShouldBe(_now.AddSeconds(1));
        idle.With(idle.Instances[0] with { HasCommands = true }).Plan().ShouldBeNothing();
        (idle with { Settings = idle.Settings with { Idle = IdleMode.Active } }).Plan().ShouldBeNothing();
        (idle with { CanFreeze = false }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_RequestForASleepingService_ThawsAndRoutesAtOnce()
    {
        var asleep = Asleep(Given.Running());

        var plan = (asleep with { Demand = asleep.Demand with { Waiting = 1 } }).Plan();

        plan.Actions[0].ShouldBe(new ThawInstance("a", IsWaking: true));
        plan.Actions[1].ShouldBeOfType<PublishRoute>().Route.Instances.Select(instance => instance.InstanceId).ShouldBe(["a"]);
        plan.Actions.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(InstancePhase.Running)]
    [InlineData(InstancePhase.Frozen)]
    public void Plan_RequestWhileTheOnlyInstanceIsBeingFrozen_IsHeld(InstancePhase phase)
    {
        // Nobody probes it any more, and whether the engine shows it frozen already is a matter of chance.
        var asleep = Asleep(Given.Running());
        var falling = asleep.With(asleep.Instances[0] with { Phase = phase, IsBusy = true, IsFallingAsleep = true });

        (falling with { Demand = falling.Demand with { Waiting = 1 } }).Plan().Actions.OfType<PublishRoute>()
            .ShouldAllBe(publication => publication.Route.Availability == RouteAvailability.Asleep);
    }

    [Fact]
    public void Plan_SleepingService_StaysAsItIs() => Asleep(Given.Running(2)).Plan().ShouldBeNothing();

    [Fact]
    public void Plan_ControlPlaneThatStops_WakesEverything()
    {
        var asleep = Asleep(Given.Running(2));

        var plan = (asleep with { IsClosing = true }).Plan();

        plan.Actions.OfType<ThawInstance>().Select(thaw => thaw.InstanceId).ShouldBe(["a", "b"]);
        plan.Route().Instances.Count.ShouldBe(2);
    }

    [Fact]
    public void Plan_SleepingServiceThatIsDeployed_KeepsTheSleepersForTheRollback()
    {
        var asleep = Asleep(Given.Running());
        var switched = asleep with
        {
            Service = asleep.Service with { LastRevision = 2, ActiveRevision = 2, PreviousRevision = 1, PreviousKeptUntil = _now.AddMinutes(5) },
        };

        switched.With(Given.Revision(2)).With(Given.Healthy("b", 2) with { StartedAt = _now }).Plan().Actions
            .ShouldHaveSingleItem().ShouldBeOfType<PublishRoute>().Route.Instances.Select(instance => instance.InstanceId).ShouldBe(["b"]);
    }

    [Fact]
    public void Plan_DeploymentWhileAnInstanceIsBeingWoken_SwitchesWhenItIsAwake()
    {
        var deploying = Given.Deploying().With(Given.Healthy("b", 2));
        var waking = deploying.With(deploying.Instances.Single(instance => instance.Id == "a") with { Phase = InstancePhase.Frozen, Health = HealthState.Unproven });
        waking = waking with { Demand = new ServiceDemand { InFlight = 1, KnownSince = _now.AddHours(-1) } };

        deploying.Plan().Actions.ShouldContain(new SwitchTraffic(2));
        waking.Plan().Actions.ShouldNotContain(new SwitchTraffic(2));
        waking.Plan().Actions.ShouldContain(new ThawInstance("a", IsWaking: true));
    }

    [Fact]
    public void Plan_ServiceThatMayGoToZero_StopsItsLastInstanceAndHoldsRequests()
    {
        var asleep = Asleep(WithZero(Given.Running()), mayStop: false);
        asleep.Plan().Actions.ShouldContain(new StopInstance("a", StopReason.Retired, ServiceSettings.Default.StopTimeout));

        var gone = asleep.Without("a");
        gone = gone with { AppliedRoute = gone.Plan().Route() };
        gone.AppliedRoute!.Availability.ShouldBe(RouteAvailability.Asleep);
        gone.Plan().ShouldBeNothing();
        (gone with { Demand = gone.Demand with { Waiting = 50 } }).Plan().ShouldBe(new StartInstance(1));
    }

    [Fact]
    public void Plan_StartFromZeroThatFailsAgainAndAgain_TurnsRequestsAwayUntilTheNextAttemptIsDue()
    {
        var gone = WithZero(Given.Running()).Without("a") with { Demand = new ServiceDemand { Waiting = 1, KnownSince = _now.AddHours(-1) } };
        var failing = gone.WithFailures(1, new StartFailures(5, _now, "it ended", false));

        failing.Plan().Route().Availability.ShouldBe(RouteAvailability.Unavailable);
        failing.Plan(_now + DeploymentDefaults.BackOff(5)).Route().Availability.ShouldBe(RouteAvailability.Asleep);
    }

    [Fact]
    public void Plan_IdleServiceWhoseInstancesKeepFailing_KeepsTheOneThatIsWellUntilAnotherMayBeStarted()
    {
        var asleep = Asleep(WithZero(Given.Running()), mayStop: false);
        var failing = asleep.WithFailures(1, new StartFailures(5, _now, "it ended", false));
        var stop = new StopInstance("a", StopReason.Retired, ServiceSettings.Default.StopTimeout);

        failing.Plan().Actions.ShouldNotContain(stop);
        failing.Plan(_now + DeploymentDefaults.BackOff(5)).Actions.ShouldContain(stop);
    }

    [Fact]
    public void Plan_MoreLoadThanTheInstancesTake_StartsAllThatAreNeededAtOnce()
    {
        var busy = Given.Running() with { Demand = new ServiceDemand { InFlight = 100, Waiting = 150, KnownSince = _now.AddHours(-1) } };

        busy.With(busy.Instances[0] with { InFlight = 100 }).Plan().Actions.OfType<StartInstance>().Count().ShouldBe(2);
    }

    [Fact]
    public void Plan_LessLoad_DrainsTheInstanceWithTheFewestRequests()
    {
        var three = Given.Running(3);
        var less = three with { Revisions = Given.Running(2).Revisions, Demand = new ServiceDemand { InFlight = 9, KnownSince = _now.AddHours(-1) } };
        less = less.With(Used("a", 2)).With(Used("b", 1)).With(Used("c", 6));

        var route = less.Plan().Route();

        route.Instances.Select(instance => instance.InstanceId).ShouldBe(["a", "c"]);
        route.Draining.Select(instance => instance.InstanceId).ShouldBe(["b"]);
    }

    private static ObservedInstance Used(string id, int inFlight) => Given.Healthy(id, 1) with { InFlight = inFlight, LastUsedAt = _now };

    /// <summary>All is known, and nothing came for an hour.</summary>
    private static ServiceSituation Quiet(ServiceSituation situation) => situation with
    {
        Demand = new ServiceDemand { KnownSince = _now.AddHours(-1) },
        Instances = [.. situation.Instances.Select(instance => instance with { StartedAt = _now.AddHours(-1) })],
    };

    private static ServiceSituation WithZero(ServiceSituation situation) => situation with { Settings = situation.Settings with { MinSize = 0, Standby = 0 } };

    private static ServiceSituation Asleep(ServiceSituation situation, bool mayStop = true)
    {
        var quiet = Quiet(situation);
        quiet = quiet with { Instances = [.. quiet.Instances.Select(instance => instance with { Phase = InstancePhase.Frozen, Health = HealthState.Unproven })] };
        return mayStop ? quiet with { AppliedRoute = quiet.Plan().Route() } : quiet;
    }
}
