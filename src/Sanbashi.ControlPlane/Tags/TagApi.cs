using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Networks.Connectors;
using Sanbashi.ControlPlane.Networks.Ingress;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Settings;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tags;

/// <summary>The operations on tags, of services, auto scaling configurations, VPC connectors and VPC ingress connections.</summary>
internal sealed class TagApi(
    ServiceDocuments documents,
    ServiceLookup services,
    AutoScalingConfigurations autoScaling,
    NetworkDirectory networks,
    SettingsChanges settings,
    TagRules rules,
    IServiceReconcilers reconcilers)
{
    public void Register(ApiService api) => api
        .Handle("TagResource", Tag)
        .Handle("UntagResource", Untag)
        .Handle("ListTagsForResource", List);

    /// <summary>Adds or overwrites.</summary>
    private Task<JsonObject> Tag(ApiCall call, CancellationToken cancellationToken)
    {
        var given = TagRules.Read(call.Input.Objects("Tags") ?? []);
        return Change(
            call,
            isService =>
            {
                if (isService)
                {
                    rules.CheckSettings(given);
                }
            },
            tags =>
            {
                foreach (var (key, value) in given)
                {
                    tags[key] = value;
                }
            },
            cancellationToken);
    }

    /// <summary>Keys that are not there do not matter.</summary>
    private Task<JsonObject> Untag(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        _ => { },
        tags =>
        {
            foreach (var key in call.Input.Texts("TagKeys") ?? [])
            {
                tags.Remove(key);
            }
        },
        cancellationToken);

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var arn = ResourceArn.Parse(call.Input.RequiredText("ResourceArn"));
        var tags = arn.Kind switch
        {
            ResourceArn.AutoScalingKind => (await FindAutoScaling(call, arn, cancellationToken)).Record.Tags,
            ResourceArn.VpcConnectorKind or ResourceArn.VpcIngressKind => FindInNetwork(await networks.Read(call.Scope(), cancellationToken), call, arn).Tags,
            _ => (await FindService(call, arn, cancellationToken)).Record.Tags,
        };
        return new JsonObject
        {
            ["Tags"] = ApiOutput.List(tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })),
        };
    }

    private async Task<JsonObject> Change(ApiCall call, Action<bool> check, Action<Dictionary<string, string>> change, CancellationToken cancellationToken)
    {
        var arn = ResourceArn.Parse(call.Input.RequiredText("ResourceArn"));
        check(arn.Kind == ResourceArn.ServiceKind);
        if (arn.Kind == ResourceArn.AutoScalingKind)
        {
            await documents.Store.CommitUntilDone(
                async token =>
                {
                    var stored = await FindAutoScaling(call, arn, token);
                    var wanted = stored.Record with { Tags = Changed(stored.Record.Tags, change) };
                    return new Proposal<AutoScalingConfigurationRecord>([ServiceDocuments.Write(wanted, stored.Version)], wanted);
                },
                cancellationToken);
            return [];
        }

        if (arn.Kind is ResourceArn.VpcConnectorKind or ResourceArn.VpcIngressKind)
        {
            return await networks.Change<JsonObject>(
                call.Scope(),
                edit =>
                {
                    var resource = FindInNetwork(edit.Map, call, arn);
                    edit.Put(resource with { Tags = Changed(resource.Tags, change) });
                    return [];
                },
                cancellationToken);
        }

        var started = await documents.Store.CommitUntilDone(
            async token =>
            {
                var stored = await FindService(call, arn, token);
                var wanted = stored.Record with { Tags = Changed(stored.Record.Tags, change) };
                var proposed = await settings.Propose(stored, wanted, token);
                return new Proposal<StartedOperation>(proposed.Writes, proposed);
            },
            cancellationToken);

        // Live settings change what the gateways are told.
        reconcilers.Signal(started.Service.Id);
        return [];
    }

    private static Dictionary<string, string> Changed(IReadOnlyDictionary<string, string> tags, Action<Dictionary<string, string>> change)
    {
        var changed = new Dictionary<string, string>(tags, StringComparer.Ordinal);
        change(changed);
        TagRules.CheckCount(changed);
        return changed;
    }

    private async Task<Stored<AutoScalingConfigurationRecord>> FindAutoScaling(ApiCall call, ResourceArn arn, CancellationToken cancellationToken)
    {
        var found = await autoScaling.Find(call.Scope(), AutoScalingArn.Parse(arn.Text), cancellationToken);
        return found is { Record.IsActive: true } ? found : throw AutoScalingConfigurations.NotFound(call, arn.Text);
    }

    private static NetworkResource FindInNetwork(NetworkMap map, ApiCall call, ResourceArn arn) =>
        arn.Kind == ResourceArn.VpcConnectorKind
            ? VpcConnectors.Get(map, call.Scope(), arn.Text) is { IsActive: true } connector ? connector : throw ApiErrors.NotFound($"VPC connector not found: {arn.Text} was deleted.")
            : VpcIngresses.Get(map, call.Scope(), arn.Text) is { IsActive: true } ingress ? ingress : throw ApiErrors.NotFound($"VPC ingress connection not found: {arn.Text} was deleted.");

    private Task<Stored<ServiceRecord>> FindService(ApiCall call, ResourceArn arn, CancellationToken cancellationToken) =>
        arn.Kind == ResourceArn.ServiceKind
            ? services.FindAlive(call, arn.Text, cancellationToken)
            : throw ApiErrors.NotFound($"Resource not found: there is nothing with the ARN {arn.Text} in account {call.Account} and region {call.Region}. Services, auto scaling configurations, VPC connectors and VPC ingress connections can have tags.");
}
