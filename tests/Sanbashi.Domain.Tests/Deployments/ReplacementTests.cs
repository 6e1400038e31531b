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
        plan.Actions[1].ShouldBe(new StartInstance(1, null));
        plan.Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
        plan.Route().Draining.ShouldBeEmpty();
    }

    [Fact]
    public void Plan_WithAnUnhealthyInstance_StartsAnotherAndDrainsItBeforeItStops()
    {
        var sick = Given.Running(2).With(Given.Unhealthy("b", 1));

        var plan = sick.Plan();
        plan.Actions.Count.ShouldBe(2);
        plan.Actions[0].ShouldBe(new StartInstance(1, null));
        plan.Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("b");

        (sick with { AppliedRoute = plan.Route() }).With(Given.Unhealthy("b", 1) with { DrainingSince = Given.Now }).Plan()
            .ShouldBe(new StartInstance(1, null), new StopInstance("b", StopReason.Unhealthy, StopTimeout));
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
        loop.Plan(Given.Now.AddSeconds(8)).ShouldBe(new StartInstance(1, null));
    }

    [Fact]
    public void Plan_AReplacementThatIsNeverHealthy_IsReplacedInTurn()
    {
        var silent = Given.Unproven("c", 1) with { StartedAt = Given.Now };
        var situation = Given.Running().WithInstances(silent).Routed();

        situation.Plan().WakeAt.ShouldBe(Given.Now.AddMinutes(5));
        situation.Plan(Given.Now.AddMinutes(5)).ShouldBe(new StartInstance(1, null), new StopInstance("c", StopReason.Unhealthy, StopTimeout));
    }

    [Fact]
    public void Plan_WithMoreInstancesThanWanted_KeepsTheProvenOnes()
    {
        var situation = Given.Running().With(Given.Unproven("0", 1) with { StartedAt = Given.Now.AddHours(-1) });

        situation.Plan().ShouldBe(new StopInstance("0", StopReason.Unhealthy, StopTimeout));
    }

    [Fact]
    public void Plan_AnInstanceThatDrains_IsNotTakenBack()
    {
        var situation = Given.Running().With(Given.Healthy("a", 1) with { DrainingSince = Given.Now, InFlight = 1 });

        var plan = situation.Plan();

        plan.Actions[0].ShouldBe(new StartInstance(1, null));
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
    public void Plan_WithAnInstanceThatIsBusy_AsksNothingOfIt()
    {
        Given.Running().With(Given.Exited("x", 1) with { IsBusy = true }).With(Given.Unproven("y", 1) with { IsBusy = true }).Plan().ShouldBeNothing();
    }
}
