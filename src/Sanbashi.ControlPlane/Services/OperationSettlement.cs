using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services;

/// <summary>What the records become when an operation ends, begins its rollback, or switches traffic. Pure.</summary>
internal static class OperationSettlement
{
    public static (ServiceRecord Service, OperationRecord Operation) Settle(ServiceSituation situation, SettleOperation settlement, DateTimeOffset now)
    {
        var operation = situation.Operation! with { Status = settlement.Status, FailureReason = settlement.FailureReason, UpdatedAt = now };
        var before = settlement.Status == OperationStatus.Succeeded ? situation.Service : SwitchBack(situation.Service, operation);
        if (settlement.Status == OperationStatus.RollbackInProgress)
        {
            return (before with { UpdatedAt = now }, operation);
        }

        operation = operation with { EndedAt = now };
        var service = before with { OperationId = null, UpdatedAt = now, Status = StatusAfter(before, operation) };
        if (settlement.Status != OperationStatus.Succeeded && service.ActiveRevision is { } active && situation.Revisions.TryGetValue(active, out var revision))
        {
            // What was asked for did not come about: Describe shows what runs.
            service = service with { Definition = revision.Definition };
        }

        if (service.Status == ServiceStatus.Deleted)
        {
            service = service with { DeletedAt = now };
        }

        return (service, operation);
    }

    public static ServiceRecord Switch(ServiceRecord service, int revision, DateTimeOffset now) => service with
    {
        ActiveRevision = revision,
        PreviousRevision = service.ActiveRevision is { } before && before != revision ? before : service.PreviousRevision,
        PreviousKeptUntil = now + DeploymentDefaults.KeepPrevious,
        UpdatedAt = now,
    };

    /// <summary>A deployment that failed after the switch leaves the revision before it active; what was before that is not known any more.</summary>
    private static ServiceRecord SwitchBack(ServiceRecord service, OperationRecord operation) =>
        operation.Type != OperationType.ResumeService && operation.Revision is { } failed && failed == service.ActiveRevision
            ? service with { ActiveRevision = service.PreviousRevision, PreviousRevision = null, PreviousKeptUntil = null }
            : service;

    private static ServiceStatus StatusAfter(ServiceRecord service, OperationRecord operation)
    {
        var succeeded = operation.Status == OperationStatus.Succeeded;
        return operation.Type switch
        {
            OperationType.PauseService => succeeded ? ServiceStatus.Paused : ServiceStatus.Running,
            OperationType.ResumeService => succeeded ? ServiceStatus.Running : ServiceStatus.Paused,
            OperationType.DeleteService => succeeded ? ServiceStatus.Deleted : ServiceStatus.DeleteFailed,
            _ => service.ActiveRevision is null ? ServiceStatus.CreateFailed : ServiceStatus.Running,
        };
    }
}
