using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services;

/// <summary>What the records become when an operation ends, begins its rollback, or switches traffic, and what becomes of canaries. Pure.</summary>
internal static class OperationSettlement
{
    public static (ServiceRecord Service, OperationRecord Operation) Settle(ServiceSituation situation, SettleOperation settlement, DateTimeOffset now)
    {
        var operation = situation.Operation! with { Status = settlement.Status, FailureReason = settlement.FailureReason, UpdatedAt = now };
        var before = settlement.Status == OperationStatus.Succeeded ? situation.Service : SwitchBack(situation, operation);
        if (settlement.Status == OperationStatus.RollbackInProgress)
        {
            return (before with { UpdatedAt = now }, operation);
        }

        operation = operation with { EndedAt = now };
        if (operation is { RefreshReason: not null, Status: OperationStatus.Succeeded })
        {
            before = before with { PreviousRevision = operation.RefreshPrevious, PreviousKeptUntil = null };
        }

        var service = before with { OperationId = null, UpdatedAt = now, Status = StatusAfter(before, operation) };
        if (settlement.Status != OperationStatus.Succeeded)
        {
            // What was asked for did not come about: Describe shows what runs.
            service = ShowingWhatRuns(service, situation.Revisions);
        }

        if (service.Status == ServiceStatus.Deleted)
        {
            service = service with { DeletedAt = now };
        }

        return (service, operation);
    }

    public static ServiceRecord Switch(ServiceRecord service, OperationRecord operation, int revision, DateTimeOffset now) => service with
    {
        ActiveRevision = revision,

        // What takes everything ends the comparison; a resume only brings back what was compared.
        CanaryRevision = operation.Type == OperationType.ResumeService ? service.CanaryRevision : null,
        CanarySince = operation.Type == OperationType.ResumeService ? service.CanarySince : null,
        PreviousRevision = service.ActiveRevision is { } before && before != revision ? before : service.PreviousRevision,
        PreviousKeptUntil = now + DeploymentDefaults.KeepPrevious,
        UpdatedAt = now,
    };

    public static ServiceRecord BeginCanary(ServiceRecord service, int revision, DateTimeOffset now) => service with { CanaryRevision = revision, CanarySince = now, UpdatedAt = now };

    /// <summary>The canary has failed. What an operation in progress is about to deploy is still what was asked for.</summary>
    public static ServiceRecord WithdrawCanary(ServiceRecord service, IReadOnlyDictionary<int, RevisionRecord> revisions, DateTimeOffset now)
    {
        var without = service with { CanaryRevision = null, CanarySince = null, UpdatedAt = now };
        return service.OperationId is null ? ShowingWhatRuns(without, revisions) : without;
    }

    /// <summary>The canary of a service that rests becomes what will be resumed; there is nothing to be moved.</summary>
    public static ServiceRecord PromoteAtRest(ServiceRecord service) => service with
    {
        ActiveRevision = service.CanaryRevision,
        PreviousRevision = service.ActiveRevision,
        PreviousKeptUntil = null,
        CanaryRevision = null,
        CanarySince = null,
    };

    /// <summary>
    /// A deployment that failed after the switch leaves the revision before it active; what was before that is not known any more. A canary that failed with its
    /// operation is none any more, unless it was only to be promoted, somebody had second thoughts, and the setting still has a share for canaries.
    /// </summary>
    private static ServiceRecord SwitchBack(ServiceSituation situation, OperationRecord operation)
    {
        var service = situation.Service;
        if (operation.Type == OperationType.ResumeService || operation.Revision is not { } failed)
        {
            return service;
        }

        if (failed == service.ActiveRevision)
        {
            return service with { ActiveRevision = service.PreviousRevision, PreviousRevision = null, PreviousKeptUntil = null };
        }

        var stays = operation is { IsPromotion: true, CancelRequested: true } && !situation.Settings.PromotesCanaries;
        return failed == service.CanaryRevision && !stays ? service with { CanaryRevision = null, CanarySince = null } : service;
    }

    private static ServiceRecord ShowingWhatRuns(ServiceRecord service, IReadOnlyDictionary<int, RevisionRecord> revisions) =>
        (service.CanaryRevision ?? service.ActiveRevision) is { } shown && revisions.TryGetValue(shown, out var revision) ? service with { Definition = revision.Definition } : service;

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
