using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class CancelTests
{
    [Theory]
    [InlineData(OperationType.StartDeployment, OperationStatus.Failed)]
    [InlineData(OperationType.UpdateService, OperationStatus.RollbackInProgress)]
    public void Plan_ACancelledDeployment_LeavesTheOldRevision(OperationType type, OperationStatus status)
    {
        Cancelled(Given.Deploying(type: type).With(Given.Healthy("b", 2))).Plan()
            .ShouldBe(new SettleOperation(status, "The deployment was cancelled on request."));
    }

    [Fact]
    public void Plan_ACancellationAfterTheSwitch_ComesTooLate()
    {
        var situation = Given.Deploying().With(Given.Healthy("b", 2));
        var switched = Cancelled(situation with { Service = situation.Service with { ActiveRevision = 2, PreviousRevision = 1 } });

        switched.Plan().Route().Instances.ShouldHaveSingleItem().InstanceId.ShouldBe("b");
        (switched with { AppliedRoute = switched.Plan().Route() }).With(situation.Instances[0] with { DrainingSince = Given.Now }).Plan()
            .ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    private static ServiceSituation Cancelled(ServiceSituation situation) => situation with { Operation = situation.Operation! with { CancelRequested = true } };
}
