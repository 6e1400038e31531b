using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>The control plane has just started: the gateways serve something, the probes have not answered.</summary>
public sealed class RestartTests
{
    [Fact]
    public void Plan_BeforeTheProbes_DoesNotTouchTheRoute()
    {
        var plan = Restarted(Given.Running(2).WithInstances(Given.Unproven("a", 1), Given.Unproven("b", 1))).Plan();

        plan.ShouldBeNothing();
        plan.WakeAt.ShouldBe(Given.Now.AddSeconds(30));
    }

    [Fact]
    public void Plan_WithSomeProbed_StillWaitsForTheOthers()
    {
        Restarted(Given.Running(2).WithInstances(Given.Healthy("a", 1), Given.Unproven("b", 1))).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithAllProbed_PublishesTheRoute()
    {
        var failed = Given.Unproven("b", 1) with { Health = new HealthState { Failures = 3 } };

        Restarted(Given.Running(2).WithInstances(Given.Healthy("a", 1), Given.Healthy("b", 1))).Plan().Route().Instances.Count.ShouldBe(2);
        Restarted(Given.Running(2).WithInstances(Given.Healthy("a", 1), failed)).Plan().Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_AtTheLimit_PublishesWhatIsProven()
    {
        Restarted(Given.Running(2).WithInstances(Given.Healthy("a", 1), Given.Unproven("b", 1))).Plan(Given.Now.AddSeconds(30))
            .Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_WithAnOldInstanceUnproven_GivesItTheWholeStartTime()
    {
        var old = Given.Unproven("a", 1) with { StartedAt = Given.Now.AddDays(-7) };

        var plan = Restarted(Given.Running().WithInstances(old)).Plan(Given.Now.AddSeconds(30));

        plan.Actions.OfType<StopInstance>().ShouldBeEmpty();
        plan.WakeAt.ShouldBe(Given.Now.AddMinutes(5));
    }

    [Fact]
    public void Plan_BeforeTheFirstRoute_StopsNothingThatMayHaveTraffic()
    {
        var situation = Restarted(Given.Switched()).WithInstances(Given.Unproven("a", 1), Given.Unproven("b", 2));

        situation.Plan().ShouldBeNothing();
        situation.With(Given.Healthy("b", 2)).Plan().Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_BeforeTheGatewaysHaveReported_DrainsWhatTheyMayHaveServedThoughTheFirstRouteDoesNotListIt()
    {
        var listed = Restarted(Given.Switched()).WithInstances(Given.Healthy("b", 2)).Plan().Route();
        var situation = Restarted(Given.Switched()).WithInstances(Given.Unproven("a", 1), Given.Healthy("b", 2)) with { AppliedRoute = listed };

        situation.Plan().Actions.ShouldHaveSingleItem();
        situation.Plan().Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("a");

        // Reported idle, or started since: nobody has sent it anything.
        situation.With(Given.Healthy("a", 1)).Plan().ShouldBe(new FreezeInstance("a"));
    }

    [Fact]
    public void Plan_WithTheActiveRevisionGoneAndAnotherRunning_WaitsWithTheRoute()
    {
        // The gateways may serve the other one, and the active one's replacement is on its way.
        var situation = Restarted(Given.Switched()).WithInstances(Given.Unproven("a", 1));

        var plan = situation.Plan();

        plan.Actions.ShouldBe([new StartInstance(2)]);
        situation.With(Given.Healthy("c", 2)).Plan().Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("c");
        situation.Plan(Given.Now.AddSeconds(30)).Route().Availability.ShouldBe(RouteAvailability.Unavailable);
    }

    [Fact]
    public void Plan_WithNothingRunning_SaysSoAtOnce()
    {
        Restarted(Given.Running()).WithInstances().Plan().Route().Availability.ShouldBe(RouteAvailability.Unavailable);
    }

    [Fact]
    public void Plan_APausedService_IsSettledAtOnce()
    {
        var running = Given.Running();

        Restarted(running with { Service = running.Service with { Status = ServiceStatus.Paused }, Instances = [] }).Plan().Route().Availability.ShouldBe(RouteAvailability.Paused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plan_WithoutAnEngine_PlansNothing(bool isRunning)
    {
        var situation = isRunning ? Given.Running().With(Given.Exited("a", 1)) : Given.Deploying();

        var plan = (situation with { EngineAnswers = false }).Plan();

        plan.ShouldBeNothing();
        plan.WakeAt.ShouldBeNull();
    }

    private static ServiceSituation Restarted(ServiceSituation situation) => situation with { AppliedRoute = null, WatchedSince = Given.Now };
}
