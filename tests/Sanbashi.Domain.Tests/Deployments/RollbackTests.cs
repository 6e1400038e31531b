using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>Back to the previous revision: a deployment whose target is already there.</summary>
public sealed class RollbackTests
{
    [Fact]
    public void Plan_WithThePreviousFrozen_ThawsInsteadOfStarting()
    {
        Back(Given.Switched()).Plan().ShouldBe(new ThawInstance("a", IsWaking: false));
    }

    [Fact]
    public void Plan_WithThePreviousThawed_WaitsUntilItIsProvenAgain()
    {
        var thawed = Back(Given.Switched()).With(Given.Unproven("a", 1));

        thawed.Plan().ShouldBeNothing();
        thawed.With(Given.Healthy("a", 1)).Plan().ShouldBe(new SwitchTraffic(1));
    }

    [Fact]
    public void Plan_WithThePreviousStillDraining_TakesItBack()
    {
        var draining = Back(Given.Switched()).With(Given.Healthy("a", 1) with { DrainingSince = Given.Now.AddSeconds(-5), InFlight = 3 });

        draining.Plan().ShouldBe(new SwitchTraffic(1));
    }

    [Fact]
    public void Plan_WithThePreviousStopped_StartsItAgain()
    {
        Back(Given.Switched()).Without("a").Plan().ShouldBe(new StartInstance(1));
    }

    [Fact]
    public void Plan_WithAFrozenInstanceOfTwo_ThawsOneAndStartsOne()
    {
        var situation = Back(Given.Switched().With(Given.Revision(1, minSize: 2)));

        situation.Plan().ShouldBe(new ThawInstance("a", IsWaking: false), new StartInstance(1));
    }

    [Fact]
    public void Plan_ARollbackThatFails_KeepsTheActiveRevision()
    {
        var failed = Back(Given.Switched()).With(Given.Unhealthy("a", 1));

        failed.Plan().Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>().Status.ShouldBe(OperationStatus.Failed);
        Given.Switched().With(Given.Unhealthy("a", 1)).Plan().ShouldBe(new StopInstance("a", StopReason.Unhealthy, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_AnUpdateToThePreviousThatGoesBack_MayLeaveItFrozen()
    {
        var back = Given.Switched().During(OperationType.UpdateService, 1);
        back = back with { Operation = back.Operation! with { Status = OperationStatus.RollbackInProgress } };

        back.Plan().Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>().Status.ShouldBe(OperationStatus.RollbackSucceeded);
        back.With(Given.Healthy("a", 1)).Plan().ShouldBe(new FreezeInstance("a"));
        back.With(Given.Unproven("a", 1)).Plan().ShouldBe(new StopInstance("a", StopReason.Retired, TimeSpan.FromSeconds(30)));
    }

    private static ServiceSituation Back(ServiceSituation situation) => situation.During(OperationType.StartDeployment, 1);
}
