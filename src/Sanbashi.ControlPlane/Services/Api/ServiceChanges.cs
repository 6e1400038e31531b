using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.ControlPlane.Networks.Ingress;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>The calls that start an operation on an existing service.</summary>
internal sealed class ServiceChanges(
    ServiceDocuments documents,
    ServiceLookup lookup,
    AutoScalingConfigurations autoScaling,
    VpcIngresses ingresses,
    OperationStarter operations,
    ServiceAnswers answers,
    InstanceRoles roles,
    IServiceReconcilers reconcilers,
    AutoDeployments autoDeployments)
{
    public Task<JsonObject> Update(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        async (stored, token) =>
        {
            ServiceStates.Require(stored.Record, "updated", ServiceStatus.Running, ServiceStatus.CreateFailed);
            if (call.Input.Text("AutoScalingConfigurationArn") is not { } arn)
            {
                var kept = stored.Record with { Definition = DefinitionReader.Update(stored.Record.Definition, call.Input, null) };
                await CheckRole(call, kept, token);
                return await operations.BeginDeployment(kept, stored.Version, OperationType.UpdateService, token);
            }

            var scaling = await autoScaling.ForService(stored.Record.Scope, arn, token);
            var moved = stored.Record with { Definition = DefinitionReader.Update(stored.Record.Definition, call.Input, scaling.Record.Arn) };
            await CheckRole(call, moved, token);
            var started = await operations.BeginDeployment(moved, stored.Version, OperationType.UpdateService, scaling.Record.Limits, token);
            return started with { Writes = [.. started.Writes, AutoScalingConfigurations.Associate(scaling)] };
        },
        cancellationToken);

    public async Task<JsonObject> StartDeployment(ApiCall call, CancellationToken cancellationToken)
    {
        var output = await Change(
            call,
            async (stored, token) => stored.Record.Status == ServiceStatus.Running
                ? await operations.BeginDeployment(stored.Record, stored.Version, OperationType.StartDeployment, token)
                : throw ApiErrors.InvalidRequest("Can't start a deployment on the specified service, because it isn't in RUNNING state."),
            cancellationToken);
        output.Remove("Service");
        return output;
    }

    public Task<JsonObject> Pause(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        async (stored, token) =>
        {
            ServiceStates.Require(stored.Record, "paused", ServiceStatus.Running, ServiceStatus.Paused);
            return stored.Record.Status == ServiceStatus.Paused
                ? StartedOperation.None(stored.Record)
                : await operations.Begin(stored.Record, stored.Version, OperationType.PauseService, null, token);
        },
        cancellationToken);

    public Task<JsonObject> Resume(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        async (stored, token) =>
        {
            ServiceStates.Require(stored.Record, "resumed", ServiceStatus.Paused, ServiceStatus.Running);
            return stored.Record.Status == ServiceStatus.Running
                ? StartedOperation.None(stored.Record)
                : await operations.BeginResume(stored.Record, stored.Version, token);
        },
        cancellationToken);

    public Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        async (stored, token) =>
        {
            ServiceStates.Require(
                stored.Record, "deleted", ServiceStatus.Running, ServiceStatus.Paused, ServiceStatus.CreateFailed, ServiceStatus.DeleteFailed);
            await ingresses.DemandNone(stored.Record, token);
            return await operations.Begin(stored.Record, stored.Version, OperationType.DeleteService, null, token);
        },
        cancellationToken);

    /// <summary>Takes the canary back or, without one, brings the previous revision back: no build, no pull.</summary>
    public Task<JsonObject> Rollback(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        async (stored, token) =>
        {
            ServiceStates.Require(stored.Record, "rolled back", ServiceStatus.Running);
            if (stored.Record.CanaryRevision is not null)
            {
                return await operations.BeginTakeBack(stored.Record, stored.Version, token);
            }

            var previous = stored.Record.PreviousRevision is { } number ? await documents.FindRevision(stored.Record, number, token) : null;
            if (previous is null)
            {
                throw ApiErrors.InvalidState(
                    $"Service {stored.Record.Name} can't be rolled back, because it has no previous revision: only revision {stored.Record.ActiveRevision} has been live. Deploy what you want with UpdateService.");
            }

            var wanted = stored.Record with { Definition = previous.Record.Definition };
            return await operations.BeginRollback(wanted, stored.Version, previous.Record, token);
        },
        cancellationToken);

    /// <summary>Gives all requests to the canary.</summary>
    public Task<JsonObject> Promote(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        async (stored, token) =>
        {
            ServiceStates.Require(stored.Record, "promoted", ServiceStatus.Running);
            return stored.Record.CanaryRevision is not null
                ? await operations.BeginPromotion(stored.Record, stored.Version, token)
                : throw ApiErrors.InvalidState(
                    $"Service {stored.Record.Name} has no canary to promote: revision {stored.Record.ActiveRevision} serves all requests. A deployment with the setting traffic below 100% (such as new=10%) makes one.");
        },
        cancellationToken);

    /// <summary>A role that a service has from before is left as it is: the update may be about something else.</summary>
    private Task CheckRole(ApiCall call, ServiceRecord service, CancellationToken cancellationToken) =>
        call.Input.Object("InstanceConfiguration")?.Text("InstanceRoleArn") is null ? Task.CompletedTask : roles.Check(service, cancellationToken);

    private async Task<JsonObject> Change(
        ApiCall call, Func<Stored<ServiceRecord>, CancellationToken, Task<StartedOperation>> begin, CancellationToken cancellationToken)
    {
        var started = await documents.Store.CommitUntilDone(
            async token =>
            {
                var operation = await begin(await lookup.FindAlive(call, token), token);
                return new Proposal<StartedOperation>(operation.Writes, operation);
            },
            cancellationToken);
        if (started.Operation is not null)
        {
            reconcilers.Signal(started.Service.Id);
            autoDeployments.Explain(call, started.Service);
        }

        return started.Answer(answers);
    }
}
