using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class ReplacementTests
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public void Plan_WithADeadInstance_ClearsItStartsAnotherAndTakesItFromTheRoute()
    {
        var plan = Given.Running(2).With(Given.Exited("b", 1)).Plan();

        plan.Actions.Count.ShouldBe(3);
        plan.Actions[0].ShouldBe(new StopInstance("b", StopReason.Ended, TimeSpan.Zero));
        plan.Actions[1].ShouldBe(new StartInstance(1));
        plan.Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
        plan.Route().Draining.ShouldBeEmpty();
    }

    [Fact]
    public void Plan_WithAnUnhealthyInstance_StartsAnotherAndDrainsItBeforeItStops()
    {
        var sick = Given.Running(2).With(Given.Unhealthy("b", 1));

        var plan = sick.Plan();
        plan.Actions.Count.ShouldBe(2);
        plan.Actions[0].ShouldBe(new StartInstance(1));
        plan.Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("b");

        (sick with { AppliedRoute = plan.Route() }).With(Given.Unhealthy("b", 1) with { DrainingSince = Given.Now }).Plan()
            .ShouldBe(new StartInstance(1), new StopInstance("b", StopReason.Unhealthy, StopTimeout));
    }

    [Fact]
    public void Plan_WithAReplacementOnItsWay_StartsNoOther()
    {
        Given.Running().WithInstances(Given.Unproven("c", 1)).Routed().Plan().ShouldBeNothing();
        Given.Running().WithInstances(Given.Unproven("c", 1) with { Phase = InstancePhase.Starting, IsBusy = true }).Routed().Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_ACrashLoop_BacksOff()
    {
        var loop = Given.Running().WithInstances().Routed().WithFailures(1, new StartFailures(5, Given.Now, "exit code 1", false));

        loop.Plan().ShouldBeNothing();
        loop.Plan().WakeAt.ShouldBe(Given.Now.AddSeconds(8));
        loop.Plan(Given.Now.AddSeconds(8)).ShouldBe(new StartInstance(1));
    }

    [Fact]
    public void Plan_AReplacementThatIsNeverHealthy_IsReplacedInTurn()
    {
        var silent = Given.Unproven("c", 1) with { StartedAt = Given.Now };
        var situation = Given.Running().WithInstances(silent).Routed();

        situation.Plan().WakeAt.ShouldBe(Given.Now.AddMinutes(5));
        situation.Plan(Given.Now.AddMinutes(5)).ShouldBe(new StartInstance(1), new StopInstance("c", StopReason.Unhealthy, StopTimeout));
    }

    [Fact]
    public void Plan_InASeriesOfFailures_CountsTheNewestBeforeTheNextAttempt()
    {
        var before = Given.Running().Routed().WithFailures(1, new StartFailures(1, Given.Now.AddMinutes(-5), "exit code 1", false));

        before.WithInstances(Given.Exited("c", 1)).Plan().Actions.OfType<StartInstance>().ShouldBeEmpty();
        before.WithInstances(Given.Exited("c", 1) with { Phase = InstancePhase.Stopping, IsBusy = true }).Plan().Actions.OfType<StartInstance>().ShouldBeEmpty();
        before.WithInstances(Given.Unproven("c", 1) with { StartedAt = Given.Now.AddMinutes(-6) }).Plan().Actions.OfType<StartInstance>().ShouldBeEmpty();
        before.WithInstances().Plan().Actions.ShouldContain(new StartInstance(1));
    }

    [Fact]
    public void Plan_WithMoreInstancesThanWanted_KeepsTheProvenOnes()
    {
        var situation = Given.Running().With(Given.Unproven("0", 1) with { StartedAt = Given.Now.AddHours(-1), InFlight = 0 });

        situation.Plan().ShouldBe(new StopInstance("0", StopReason.Unhealthy, StopTimeout));
    }

    [Fact]
    public void Plan_AnInstanceThatIsNotListedButHasRequests_DrainsBeforeItStops()
    {
        // Taken out of the route after a restart, because it could not be proven.
        var forgotten = Given.Running().With(Given.Revision(2)).With(Given.Unproven("z", 2) with { InFlight = 1 });

        forgotten.Plan().Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("z");
        forgotten.Plan().Actions.Count.ShouldBe(1);
    }

    [Fact]
    public void Plan_AnInstanceThatDrains_IsNotTakenBack()
    {
        var situation = Given.Running().With(Given.Healthy("a", 1) with { DrainingSince = Given.Now, InFlight = 1 });

        var plan = situation.Plan();

        plan.Actions[0].ShouldBe(new StartInstance(1));
        plan.Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_WithAnEjectedInstanceThatIsHealthy_ConfirmsIt()
    {
        var ejected = Given.Running() with { Ejected = ["a"] };

        ejected.Plan().Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
        (ejected with { IsPublishing = true }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WhileARouteIsOnItsWay_StopsNothingThatItMayList()
    {
        // Routed by the route that is being published, and unwanted since.
        var overtaken = Given.Running().With(Given.Healthy("b", 2)).With(Given.Revision(2));

        overtaken.Plan().ShouldBe(new StopInstance("b", StopReason.Retired, StopTimeout));
        (overtaken with { IsPublishing = true }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithAnInstanceThatIsBusy_AsksNothingOfIt()
    {
        Given.Running().With(Given.Exited("x", 1) with { IsBusy = true }).With(Given.Unproven("y", 1) with { IsBusy = true }).Plan().ShouldBeNothing();
    }
}
