using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>CreateService.</summary>
internal sealed class ServiceCreation(
    ServiceDocuments documents,
    AutoScalingConfigurations autoScaling,
    OperationStarter operations,
    HostClaims claims,
    ServiceAnswers answers,
    TagRules tagRules,
    InstanceRoles roles,
    ApiQuotas quotas,
    IIdGenerator ids,
    IServiceReconcilers reconcilers,
    AutoDeployments autoDeployments,
    TimeProvider timeProvider)
{
    public async Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken)
    {
        var name = call.Input.RequiredText("ServiceName");
        var tags = TagRules.Read(call.Input.Objects("Tags") ?? []);
        TagRules.CheckCount(tags);
        tagRules.CheckSettings(tags);
        var id = ids.NewId();
        var started = await documents.Store.CommitUntilDone(Propose, cancellationToken);
        reconcilers.Signal(id);
        autoDeployments.Explain(call, started.Service);
        return started.Answer(answers);

        async Task<Proposal<StartedOperation>> Propose(CancellationToken token)
        {
            var scaling = await autoScaling.ForService(call.Scope(), call.Input.Text("AutoScalingConfigurationArn"), token);
            var definition = DefinitionReader.Create(call.Input, scaling.Record.Arn);
            await CheckNameAndQuota(call, name, token);
            var label = await FreeHostLabel(name, id, token);
            var now = timeProvider.GetUtcNow();
            var service = new ServiceRecord
            {
                Scope = call.Scope(),
                Id = id,
                Name = name,
                HostLabel = label,
                Status = ServiceStatus.OperationInProgress,
                CreatedAt = now,
                UpdatedAt = now,
                Definition = definition,
                Tags = tags,
            };
            await roles.Check(service, token);
            var started = await operations.BeginDeployment(service, 0, OperationType.CreateService, scaling.Record.Limits, token);
            var claimed = await claims.Move(null, service, token);
            return new Proposal<StartedOperation>(
                [.. started.Writes, .. claimed, ServiceDocuments.ReserveHost(label, id), AutoScalingConfigurations.Associate(scaling)], started);
        }
    }

    private async Task CheckNameAndQuota(ApiCall call, string name, CancellationToken cancellationToken)
    {
        // Deleted services carry no name in the index and count no more.
        var all = await documents.Store.Query(new DocumentQuery(ServiceDocuments.ServiceKind) { Scope = call.Scope() }, cancellationToken);
        var names = all.Select(document => document.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (names.Contains(name))
        {
            throw ApiErrors.InvalidRequest($"Service with the provided name already exists: {name}.");
        }

        if (names.Count >= quotas.Services)
        {
            throw ApiErrors.QuotaExceeded($"Service {name} was not created: this account has {names.Count} services in {call.Region}, and the quota is {quotas.Services}. Delete one first.");
        }
    }

    private async Task<string> FreeHostLabel(string name, string id, CancellationToken cancellationToken)
    {
        foreach (var label in HostLabels.Candidates(name, id))
        {
            if (!await documents.IsHostTaken(label, cancellationToken))
            {
                return label;
            }
        }

        throw ApiErrors.InvalidRequest($"No host name is free for a service called {name}. Choose another name.");
    }
}
