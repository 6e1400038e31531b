using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;

namespace Sanbashi.Domain.Tests.Deployments;

/// <summary>A backup was restored: the engine runs instances of revision 9, of which the store knows nothing.</summary>
public sealed class UnknownRevisionTests
{
    [Theory]
    [InlineData(InstancePhase.Starting)]
    [InlineData(InstancePhase.Running)]
    [InlineData(InstancePhase.Frozen)]
    [InlineData(InstancePhase.Exited)]
    public void Plan_WithAnUnknownRevision_LeavesItAlone(InstancePhase phase)
    {
        var situation = Given.Running().With(Given.Healthy("x", 9) with { Phase = phase });

        situation.Plan().ShouldBeNothing();
        situation.Plan(Given.Now.AddDays(1)).ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithAnUnknownRevisionThatDrains_LeavesItRunningAfterwards()
    {
        var situation = Given.Running().With(Given.Healthy("x", 9) with { DrainingSince = Given.Now });

        (situation with { AppliedRoute = situation.Plan().Route() }).Plan(Given.Now.AddHours(1)).ShouldBeNothing();
    }

    [Theory]
    [InlineData(OperationType.PauseService)]
    [InlineData(OperationType.DeleteService)]
    public void Plan_APauseOrADeletion_TakesItAway(OperationType type)
    {
        var situation = Given.Running().With(Given.Healthy("x", 9) with { Phase = InstancePhase.Frozen }).During(type, null);

        situation.Plan().Actions.OfType<StopInstance>().ShouldHaveSingleItem().InstanceId.ShouldBe("x");
    }
}
