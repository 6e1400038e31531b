using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>CancelOperation: a running deployment stops and the revision that serves stays.</summary>
internal sealed class OperationCancellation(ServiceDocuments documents, ServiceLookup lookup, IServiceReconcilers reconcilers, TimeProvider timeProvider)
{
    public async Task<JsonObject> Cancel(ApiCall call, CancellationToken cancellationToken)
    {
        var (service, operation) = await documents.Store.CommitUntilDone(
            async token =>
            {
                var service = (await lookup.FindAlive(call, token)).Record;
                var stored = await Find(service, call.Input.Text("OperationId"), token);
                CheckCancellable(service, stored.Record);
                var cancelled = stored.Record with { CancelRequested = true, UpdatedAt = timeProvider.GetUtcNow() };
                return new Proposal<(ServiceRecord, OperationRecord)>(
                    stored.Record.CancelRequested ? [] : [ServiceDocuments.Write(service.Scope, cancelled, stored.Version)], (service, cancelled));
            },
            cancellationToken);
        reconcilers.Signal(service.Id);
        return new JsonObject { ["OperationId"] = operation.Id };
    }

    private async Task<Stored<OperationRecord>> Find(ServiceRecord service, string? operationId, CancellationToken cancellationToken)
    {
        var id = operationId ?? service.OperationId
            ?? throw ApiErrors.InvalidState($"Service {service.Name} has no operation in progress, so there is nothing to cancel. Its state is {ApiOutput.UpperSnake(service.Status)}.");
        var stored = await documents.FindOperation(service.Scope, id, cancellationToken);
        return stored?.Record.ServiceId == service.Id
            ? stored
            : throw ApiErrors.NotFound($"Operation not found: service {service.Name} has no operation {id}. List them with ListOperations.");
    }

    private static void CheckCancellable(ServiceRecord service, OperationRecord operation)
    {
        if (operation.HasEnded)
        {
            throw ApiErrors.InvalidState($"Operation {operation.Id} of service {service.Name} can't be cancelled, because it has ended: {ApiOutput.UpperSnake(operation.Status)}.");
        }

        if (operation.Type is not (OperationType.CreateService or OperationType.UpdateService or OperationType.StartDeployment))
        {
            throw ApiErrors.InvalidState(
                $"Operation {operation.Id} of service {service.Name} can't be cancelled, because it is a {ApiOutput.UpperSnake(operation.Type)}: only deployments can be. Wait until it ends.");
        }

        if (operation.TakesBack is { } canary)
        {
            throw ApiErrors.InvalidState($"Operation {operation.Id} of service {service.Name} can't be cancelled, because it is taking the canary, revision {canary}, back. Wait until it ends.");
        }

        // Whoever lost the answer to a first call and asks again is told that it is done.
        if (operation is { Status: OperationStatus.RollbackInProgress, CancelRequested: false })
        {
            throw ApiErrors.InvalidState($"Operation {operation.Id} of service {service.Name} can't be cancelled, because it is being rolled back already. Wait until it ends.");
        }

        if (service.ActiveRevision == operation.Revision)
        {
            throw ApiErrors.InvalidState(
                $"Operation {operation.Id} of service {service.Name} can't be cancelled, because revision {operation.Revision} serves already. Go back with Sanbashi.RollbackService.");
        }
    }
}
