using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class BlueGreenTests
{
    [Fact]
    public void Plan_ARunningService_HasNothingToDo()
    {
        var plan = Given.Running(3).Plan();

        plan.ShouldBeNothing();
        plan.WakeAt.ShouldBeNull();
    }

    [Fact]
    public void Plan_ADeployment_StartsBesideWhatServes()
    {
        Given.Deploying().Plan().ShouldBe(new StartInstance(2));
    }

    [Fact]
    public void Plan_WithTheNewRevisionUnproven_LeavesTheRouteAlone()
    {
        Given.Deploying().With(Given.Unproven("b", 2)).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithTheNewRevisionHealthy_SwitchesBeforeAnythingElse()
    {
        Given.Deploying().With(Given.Healthy("b", 2)).Plan().ShouldBe(new SwitchTraffic(2));
    }

    [Fact]
    public void Plan_AfterTheSwitch_RoutesTheNewAndDrainsTheOld()
    {
        var switched = AfterSwitch();

        var plan = switched.Plan();

        plan.Actions.Count.ShouldBe(1);
        plan.Route().Instances.Select(instance => instance.InstanceId).ShouldBe(["b"]);
        plan.Route().Draining.ShouldBe([new DrainingInstance("a", 1, switched.Instances[0].Endpoint!, Given.Now.AddSeconds(30))]);
    }

    [Fact]
    public void Plan_WhenTheGatewaysServeTheNew_Succeeds()
    {
        var switched = AfterSwitch();

        Draining(switched).Plan().ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Plan_WhileTheOldHasRequests_LetsItFinish()
    {
        var draining = Settled(Draining(AfterSwitch(), inFlight: 1));

        var plan = draining.Plan();

        plan.ShouldBeNothing();
        plan.WakeAt.ShouldBe(Given.Now.AddSeconds(35));
    }

    [Fact]
    public void Plan_WhenNoGatewayHasReported_WaitsForTheEndOfDraining()
    {
        Settled(Draining(AfterSwitch(), inFlight: null)).Plan().ShouldBeNothing();
        Settled(Draining(AfterSwitch(), inFlight: null)).Plan(Given.Now.AddSeconds(35)).ShouldBe(new FreezeInstance("a"));
    }

    [Fact]
    public void Plan_WhenTheOldIsIdle_FreezesItForARollback()
    {
        Settled(Draining(AfterSwitch())).Plan().ShouldBe(new FreezeInstance("a"));
    }

    [Fact]
    public void Plan_WhileACommandRunsInTheOld_DoesNotFreezeIt()
    {
        var settled = Settled(Draining(AfterSwitch()));
        var used = settled.With(settled.Instances.Single(instance => instance.Id == "a") with { HasCommands = true });

        used.Plan().ShouldBeNothing();
        used.Plan().WakeAt.ShouldBe(Given.Now.AddMinutes(10));
        used.Plan(Given.Now.AddMinutes(10)).ShouldBe(new StopInstance("a", StopReason.Retired, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_WhenTheEngineCannotFreeze_StopsTheOld()
    {
        (Settled(Draining(AfterSwitch())) with { CanFreeze = false }).Plan().ShouldBe(new StopInstance("a", StopReason.Retired, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_WhenTheOldIsFrozen_KeepsItTenMinutesThenStopsIt()
    {
        var frozen = Given.Switched();

        var kept = frozen.Plan();
        kept.ShouldBeNothing();
        kept.WakeAt.ShouldBe(Given.Now.AddMinutes(5));
        frozen.Plan(Given.Now.AddMinutes(5)).ShouldBe(new StopInstance("a", StopReason.Retired, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_WithAThirdRevision_StopsTheFirst()
    {
        var third = Given.Switched().With(Given.Revision(3)).With(Given.Healthy("c", 3));
        var switched = third with { Service = third.Service with { ActiveRevision = 3, PreviousRevision = 2, LastRevision = 3 } };

        switched.Plan().Actions.ShouldContain(new StopInstance("a", StopReason.Retired, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_WithFourRevisionsDraining_EndsTheOldestNow()
    {
        var situation = Given.Running().With(Given.Revision(2)).With(Given.Revision(3)).With(Given.Revision(4)).With(Given.Revision(5));
        situation = situation with
        {
            Service = situation.Service with { ActiveRevision = 5, PreviousRevision = 4, PreviousKeptUntil = Given.Now.AddMinutes(10) },
            Instances =
            [
                .. Enumerable.Range(1, 4).Select(number => Given.Healthy($"{(char)('a' + number)}", number) with { DrainingSince = Given.Now.AddSeconds(number - 10), InFlight = 1 }),
                Given.Healthy("z", 5),
            ],
        };

        var draining = situation.Plan().Route().Draining.ToDictionary(instance => instance.Revision, instance => instance.Until);

        draining[1].ShouldBe(Given.Now.AddSeconds(-9));
        draining[2].ShouldBe(Given.Now.AddSeconds(22));
        draining[4].ShouldBe(Given.Now.AddSeconds(24));
    }

    private static ServiceSituation AfterSwitch()
    {
        var situation = Given.Deploying().With(Given.Healthy("b", 2));
        return situation with
        {
            Service = situation.Service with { ActiveRevision = 2, PreviousRevision = 1, PreviousKeptUntil = Given.Now.AddMinutes(10) },
        };
    }

    private static ServiceSituation Draining(ServiceSituation situation, int? inFlight = 0) =>
        (situation with { AppliedRoute = situation.Plan().Route() }).With(situation.Instances[0] with { DrainingSince = Given.Now, InFlight = inFlight });

    private static ServiceSituation Settled(ServiceSituation situation) => situation with
    {
        Service = situation.Service with { Status = Domain.Services.ServiceStatus.Running, OperationId = null },
        Operation = null,
    };
}
