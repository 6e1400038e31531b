using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>What runs of a service: its revisions and their instances.</summary>
internal sealed class RevisionQueries(ServiceDocuments documents, ServiceLookup lookup, IInstanceDirectory instances)
{
    /// <summary>Newest first.</summary>
    public async Task<JsonObject> ListRevisions(ApiCall call, CancellationToken cancellationToken)
    {
        var service = (await lookup.Find(call, cancellationToken)).Record;
        var operation = service.OperationId is { } id ? await documents.FindOperation(service.Scope, id, cancellationToken) : null;
        var revisions = await documents.ListRevisions(service, cancellationToken);
        return new JsonObject
        {
            ["Revisions"] = ApiOutput.List(revisions.Select(revision => new JsonObject
            {
                ["Revision"] = revision.Record.Number,
                ["ImageIdentifier"] = revision.Record.Definition.Image.Identifier,
                ["ImageDigest"] = revision.Record.Image is { } image ? image.Digest ?? image.ImageId : null,
                ["CreatedAt"] = ApiOutput.Timestamp(revision.Record.CreatedAt),
                ["Status"] = Status(service, revision.Record.Number, operation?.Record.Revision),
                ["TrafficPercent"] = TrafficPercent(service, revision.Record.Number),
            })),
        };
    }

    /// <summary>Oldest first.</summary>
    public async Task<JsonObject> DescribeInstances(ApiCall call, CancellationToken cancellationToken)
    {
        var service = (await lookup.Find(call, cancellationToken)).Record;
        return new JsonObject
        {
            ["Instances"] = ApiOutput.List(instances.Seen(service.Id).OrderBy(instance => instance.StartedAt).Select(instance => new JsonObject
            {
                ["InstanceId"] = instance.Id,
                ["Revision"] = instance.Revision,
                ["State"] = State(instance),
                ["Health"] = Health(instance),
                ["Endpoint"] = instance.Endpoint,
                ["StartedAt"] = ApiOutput.Timestamp(instance.StartedAt),
                ["Containers"] = ApiOutput.List(instances.Containers(service.Id, instance.Id).Select(container => new JsonObject
                {
                    ["Name"] = container.Name,
                    ["State"] = ApiOutput.UpperSnake(container.State),
                    ["ExitCode"] = container.ExitCode,
                })),
            })),
        };
    }

    private static string Status(ServiceRecord service, int number, int? inProgress)
    {
        if (number == service.ActiveRevision)
        {
            return "ACTIVE";
        }

        if (number == service.CanaryRevision)
        {
            return "CANARY";
        }

        return number == inProgress ? "DEPLOYING" : number == service.PreviousRevision ? "PREVIOUS" : "RETIRED";
    }

    /// <summary>The share of the requests that it is to get; null for a revision that gets none at all.</summary>
    private static int? TrafficPercent(ServiceRecord service, int number)
    {
        var canaryPercent = service.CanaryRevision is null ? 0 : SettingsResolver.Of(service).Effective.NewPercent;
        return number == service.ActiveRevision ? 100 - canaryPercent : number == service.CanaryRevision ? canaryPercent : null;
    }

    private static string State(ObservedInstance instance) =>
        instance is { Phase: InstancePhase.Running, DrainingSince: not null } ? "DRAINING" : ApiOutput.UpperSnake(instance.Phase);

    /// <summary>A frozen instance is not probed; it was healthy when it was frozen.</summary>
    private static string Health(ObservedInstance instance) => instance.Phase switch
    {
        InstancePhase.Exited => "UNHEALTHY",
        _ when instance.Health.Status == HealthStatus.Unproven => "UNKNOWN",
        _ => ApiOutput.UpperSnake(instance.Health.Status),
    };
}
