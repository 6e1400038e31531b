using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class FirstDeploymentTests
{
    [Fact]
    public void Plan_ANewService_PreparesTheImageAndSaysThatItIsUnavailable()
    {
        var plan = Given.Creating().Plan();

        plan.Actions[0].ShouldBe(new PrepareImage(1));
        plan.Route().Availability.ShouldBe(RouteAvailability.Unavailable);
        plan.Actions.Count.ShouldBe(2);
    }

    [Fact]
    public void Plan_WhileTheImageIsPrepared_Waits()
    {
        (Given.Creating().Routed() with { ImagePreparation = new ImagePreparation(true, null) }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithTheImage_StartsMinSizeInstances()
    {
        Given.Creating(minSize: 2).With(Given.Revision(1, minSize: 2)).Routed().Plan().ShouldBe(new StartInstance(1), new StartInstance(1));
    }

    [Fact]
    public void Plan_WithAnInstanceLeftIncomplete_RemovesItAndMakesAnother()
    {
        var left = Given.Unproven("a", 1) with { Phase = InstancePhase.Starting, Endpoint = null };

        Given.Creating().With(Given.Revision(1)).Routed().WithInstances(left).Plan()
            .ShouldBe(new StartInstance(1), new StopInstance("a", StopReason.Incomplete, TimeSpan.FromSeconds(30)));
        Given.Creating().With(Given.Revision(1)).Routed().WithInstances(left with { IsBusy = true }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_BeforeAllInstancesAreHealthy_DoesNotSwitch()
    {
        Given.Creating(2).With(Given.Revision(1, 2)).Routed().WithInstances(Given.Healthy("a", 1), Given.Unproven("b", 1)).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithAllInstancesHealthy_SwitchesThenRoutesThenSucceeds()
    {
        var proven = Given.Creating().With(Given.Revision(1)).Routed().WithInstances(Given.Healthy("a", 1));
        proven.Plan().ShouldBe(new SwitchTraffic(1));

        var switched = proven with { Service = proven.Service with { ActiveRevision = 1 } };
        var route = switched.Plan().Route();
        route.Availability.ShouldBe(RouteAvailability.Serving);
        route.Instances.ShouldBe([new RouteInstance("a", 1, switched.Instances[0].Endpoint!)]);

        (switched with { IsPublishing = true }).Plan().ShouldBeNothing();
        (switched with { AppliedRoute = route }).Plan().ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Plan_AfterCreateFailed_RemovesWhatWasStarted()
    {
        var failed = Given.Creating().With(Given.Revision(1)).Routed().WithInstances(Given.Unproven("a", 1)) with
        {
            Service = Given.Service(ServiceStatus.CreateFailed) with { LastRevision = 1 },
            Operation = null,
        };

        failed.Plan().Actions.ShouldBe([new StopInstance("a", StopReason.DeploymentFailed, TimeSpan.FromSeconds(30))]);
    }

    [Fact]
    public void Plan_WithARevisionThatIsNotInTheStore_FailsTheOperation()
    {
        var lost = Given.Creating() with { Revisions = new Dictionary<int, RevisionRecord>() };

        lost.Plan().ShouldBe(new SettleOperation(OperationStatus.Failed, "Revision 1 is not in the store any more."));
    }
}
