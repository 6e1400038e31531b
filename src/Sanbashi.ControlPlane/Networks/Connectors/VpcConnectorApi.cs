using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Connectors;

/// <summary>App Runner's operations on VPC connectors. One never changes, and is deleted when no service uses it.</summary>
internal sealed class VpcConnectorApi(NetworkDirectory directory, ServiceDocuments documents, ApiQuotas quotas, IIdGenerator ids)
{
    /// <summary>How long a deleted connector can be described.</summary>
    private static readonly TimeSpan _deletedKept = TimeSpan.FromHours(1);

    public void Register(ApiService api) => api
        .Handle("CreateVpcConnector", Create)
        .Handle("DescribeVpcConnector", Describe)
        .Handle("ListVpcConnectors", List)
        .Handle("DeleteVpcConnector", Delete);

    private Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken)
    {
        var name = call.Input.RequiredText("VpcConnectorName");
        var tags = TagRules.Read(call.Input.Objects("Tags") ?? []);
        TagRules.CheckCount(tags);
        return directory.Change(
            call.Scope(),
            edit =>
            {
                var subnets = Subnets(edit.Map, call.Input.Texts("Subnets") ?? []);
                var vpcId = subnets[0].VpcId;
                var groups = Groups(edit.Map, vpcId, call.Input.Texts("SecurityGroups") ?? []);
                var active = edit.Map.All<VpcConnectorRecord>().Where(connector => connector.IsActive).ToList();
                if (active.Exists(connector => connector.Name == name))
                {
                    throw ApiErrors.InvalidRequest($"VPC connector with the provided name already exists: {name}. A name has one revision; delete it first, or choose another name.");
                }

                if (active.Count >= quotas.VpcConnectors)
                {
                    throw ApiErrors.QuotaExceeded($"This account has {active.Count} VPC connectors in {call.Region}, and the quota is {quotas.VpcConnectors}. Delete one that no service uses.");
                }

                foreach (var old in edit.Map.All<VpcConnectorRecord>().Where(connector => edit.Now - connector.DeletedAt > _deletedKept).ToList())
                {
                    edit.Remove(old);
                }

                var connector = edit.Put(new VpcConnectorRecord
                {
                    Id = ids.NewId(),
                    CreatedAt = edit.Now,
                    Scope = call.Scope(),
                    Name = name,
                    VpcId = vpcId,
                    SubnetIds = [.. subnets.Select(subnet => subnet.Id)],
                    GroupIds = groups,
                    Tags = tags,
                });
                return Answer(connector);
            },
            cancellationToken);
    }

    private async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken) =>
        Answer(VpcConnectors.Get(await directory.Read(call.Scope(), cancellationToken), call.Scope(), call.Input.RequiredText("VpcConnectorArn")));

    /// <summary>Active ones, in the order of their names.</summary>
    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var map = await directory.Read(call.Scope(), cancellationToken);
        var active = map.All<VpcConnectorRecord>().Where(connector => connector.IsActive).OrderBy(connector => connector.Name, StringComparer.Ordinal);
        var (page, next) = PageTokens.Page(call, active, connector => connector.Name, Pages.Size(call));
        var output = new JsonObject { ["VpcConnectors"] = ApiOutput.List(page.Select(Render)) };
        if (next is not null)
        {
            output["NextToken"] = next;
        }

        return output;
    }

    private async Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken)
    {
        var arn = call.Input.RequiredText("VpcConnectorArn");
        var users = await Users(call, arn, cancellationToken);
        return await directory.Change(
            call.Scope(),
            edit =>
            {
                var connector = VpcConnectors.Get(edit.Map, call.Scope(), arn);
                if (!connector.IsActive)
                {
                    throw ApiErrors.NotFound($"VPC connector not found: {arn} was deleted.");
                }

                if (users.Count > 0)
                {
                    throw ApiErrors.InvalidRequest(
                        $"The VPC connector {arn} can't be deleted, because {users.Count} service(s) use it: {string.Join(", ", users.Take(3))}{(users.Count > 3 ? ", ..." : "")}. Give them another network configuration first (UpdateService).");
                }

                return Answer(edit.Put(connector with { DeletedAt = edit.Now }));
            },
            cancellationToken);
    }

    /// <summary>Names of services that are wanted with it, or have a revision that runs or may come back with it.</summary>
    private async Task<IReadOnlyList<string>> Users(ApiCall call, string arn, CancellationToken cancellationToken)
    {
        var users = new List<string>();
        foreach (var service in (await documents.ListServices(call.Scope(), cancellationToken)).Select(stored => stored.Record).Where(service => service.Status != ServiceStatus.Deleted))
        {
            int?[] live = [service.ActiveRevision, service.CanaryRevision, service.PreviousRevision];
            if (service.Definition.Network.VpcConnectorArn == arn
                || (await documents.ListRevisions(service, cancellationToken)).Any(revision => live.Contains(revision.Record.Number) && revision.Record.Definition.Network.VpcConnectorArn == arn))
            {
                users.Add(service.Name);
            }
        }

        return users;
    }

    private static List<SubnetRecord> Subnets(NetworkMap map, IReadOnlyList<string> ids)
    {
        var subnets = ids.Distinct(StringComparer.Ordinal)
            .Select(id => map.Find<SubnetRecord>(id) ?? throw ApiErrors.InvalidRequest($"Subnets: the subnet ID '{Excerpt.Of(id)}' does not exist. 'aws ec2 describe-subnets' shows those that there are."))
            .ToList();
        return subnets.Count == 0 ? throw ApiErrors.InvalidRequest("Subnets is empty. A VPC connector needs one subnet at least.")
            : subnets.Exists(subnet => subnet.VpcId != subnets[0].VpcId) ? throw ApiErrors.InvalidRequest("Subnets belong to different VPCs. All subnets of a VPC connector must be in one VPC.")
            : subnets;
    }

    /// <summary>Without any, the VPC's default one.</summary>
    private static IReadOnlyList<string> Groups(NetworkMap map, string vpcId, IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            if (map.Find<SecurityGroupRecord>(id) is not { } group || group.VpcId != vpcId)
            {
                throw ApiErrors.InvalidRequest($"SecurityGroups: the security group '{Excerpt.Of(id)}' does not exist in {vpcId}, the VPC of the subnets.");
            }
        }

        return ids.Count > 0 ? [.. ids.Distinct(StringComparer.Ordinal)] : [.. map.DefaultGroupOf(vpcId) is { } own ? new[] { own.Id } : []];
    }

    private static JsonObject Answer(VpcConnectorRecord connector) => new() { ["VpcConnector"] = Render(connector) };

    private static JsonObject Render(VpcConnectorRecord connector) => new()
    {
        ["VpcConnectorName"] = connector.Name,
        ["VpcConnectorArn"] = connector.Arn,
        ["VpcConnectorRevision"] = VpcConnectorRecord.Revision,
        ["Subnets"] = ApiOutput.List(connector.SubnetIds.Select(id => JsonValue.Create(id))),
        ["SecurityGroups"] = ApiOutput.List(connector.GroupIds.Select(id => JsonValue.Create(id))),
        ["Status"] = connector.IsActive ? "ACTIVE" : "INACTIVE",
        ["CreatedAt"] = ApiOutput.Timestamp(connector.CreatedAt),
        ["DeletedAt"] = ApiOutput.Timestamp(connector.DeletedAt),
    };
}
