using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>The records say that revision 2 serves, but its instances have ended before the gateways heard of it.</summary>
public sealed class FallenSuccessorTests
{
    [Fact]
    public void Plan_WithTheOldStillRouted_LeavesItThereAndTriesTheNewAgain()
    {
        Fallen().Plan().ShouldBe(new StartInstance(2));
    }

    [Fact]
    public void Plan_WithTheNewBack_RoutesItAndDrainsTheOld()
    {
        var route = Fallen().With(Given.Healthy("c", 2)).Plan().Route();

        route.Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("c");
        route.Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_WithTheOldDrainingAlready_DoesNotTakeItBack()
    {
        var route = Fallen().With(Given.Healthy("a", 1) with { DrainingSince = Given.Now }).Plan().Route();

        route.Instances.ShouldBeEmpty();
        route.Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Theory]
    [InlineData(OperationType.StartDeployment, OperationStatus.Failed)]
    [InlineData(OperationType.UpdateService, OperationStatus.RollbackInProgress)]
    public void Plan_WithTooManyAttempts_Fails(OperationType type, OperationStatus status)
    {
        Fallen(type).WithFailures(2, new StartFailures(3, Given.Now, "exit code 1", false)).Plan().ShouldBe(new SettleOperation(status, "exit code 1"));
    }

    [Fact]
    public void Plan_AnUpdateWithNothingToGoBackTo_Fails()
    {
        var fallen = Fallen(OperationType.UpdateService).WithFailures(2, new StartFailures(3, Given.Now, "exit code 1", false)).Without("a");

        (fallen with { Service = fallen.Service with { PreviousRevision = null } }).Plan().ShouldBe(new SettleOperation(OperationStatus.Failed, "exit code 1"));
    }

    [Fact]
    public void Plan_WithNothingOfTheNewServing_DoesNotSucceed()
    {
        var created = Given.Creating().With(Given.Revision(1));
        created = (created with { Service = created.Service with { ActiveRevision = 1 } }).Routed();

        created.AppliedRoute!.Availability.ShouldBe(RouteAvailability.Unavailable);
        created.Plan().ShouldBe(new StartInstance(1));
    }

    [Fact]
    public void Plan_AfterARestart_PrefersTheNewIfItAnswers()
    {
        var restarted = Fallen().WithInstances(Given.Healthy("a", 1), Given.Unproven("b", 2)) with { AppliedRoute = null, WatchedSince = Given.Now };

        restarted.Plan().ShouldBeNothing();
        restarted.With(Given.Healthy("b", 2)).Plan().Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("b");
        restarted.Plan(Given.Now.AddSeconds(30)).Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    private static ServiceSituation Fallen(OperationType type = OperationType.StartDeployment)
    {
        var deploying = Given.Deploying(type: type);
        return deploying with { Service = deploying.Service with { ActiveRevision = 2, PreviousRevision = 1, PreviousKeptUntil = Given.Now.AddMinutes(10) } };
    }
}
