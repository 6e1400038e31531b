using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ingress;

/// <summary>App Runner's operations on VPC ingress connections: through which endpoint a private service is called. They take effect before the answer is read.</summary>
internal sealed class VpcIngressApi(NetworkDirectory directory, ServiceLookup services, ApiQuotas quotas, IIdGenerator ids, string platformDomain)
{
    /// <summary>How long a deleted one can be described.</summary>
    private static readonly TimeSpan _deletedKept = TimeSpan.FromHours(1);

    public void Register(ApiService api) => api
        .Handle("CreateVpcIngressConnection", Create)
        .Handle("DescribeVpcIngressConnection", Describe)
        .Handle("ListVpcIngressConnections", List)
        .Handle("UpdateVpcIngressConnection", Update)
        .Handle("DeleteVpcIngressConnection", Delete);

    private async Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken)
    {
        var name = call.Input.RequiredText("VpcIngressConnectionName");
        var tags = TagRules.Read(call.Input.Objects("Tags") ?? []);
        TagRules.CheckCount(tags);
        var service = await Service(call, cancellationToken);
        return await directory.Change(
            call.Scope(),
            edit =>
            {
                var active = edit.Map.All<VpcIngressRecord>().Where(ingress => ingress.IsActive).ToList();
                if (active.Exists(ingress => ingress.Name == name))
                {
                    throw ApiErrors.InvalidRequest($"VPC ingress connection with the provided name already exists: {name}.");
                }

                if (active.Find(ingress => ingress.ServiceId == service.Id) is { } present)
                {
                    throw ApiErrors.InvalidRequest($"Service {service.Name} has a VPC ingress connection already: {present.Name}. A service has one; UpdateVpcIngressConnection moves it to another endpoint.");
                }

                if (active.Count >= quotas.VpcIngressConnections)
                {
                    throw ApiErrors.QuotaExceeded($"This account has {active.Count} VPC ingress connections in {call.Region}, and the quota is {quotas.VpcIngressConnections}. Delete one first.");
                }

                foreach (var old in edit.Map.All<VpcIngressRecord>().Where(ingress => edit.Now - ingress.DeletedAt > _deletedKept).ToList())
                {
                    edit.Remove(old);
                }

                var endpoint = Endpoint(edit.Map, call);
                return Answer(edit.Put(new VpcIngressRecord
                {
                    Id = ids.NewId(),
                    CreatedAt = edit.Now,
                    Scope = call.Scope(),
                    Name = name,
                    ServiceId = service.Id,
                    ServiceArn = service.Arn,
                    HostLabel = service.HostLabel,
                    VpcId = endpoint.VpcId,
                    EndpointId = endpoint.Id,
                    Tags = tags,
                }));
            },
            cancellationToken);
    }

    private async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken) =>
        Answer(VpcIngresses.Get(await directory.Read(call.Scope(), cancellationToken), call.Scope(), call.Input.RequiredText("VpcIngressConnectionArn")));

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var filter = call.Input.Object("Filter");
        var (service, endpoint) = (filter?.Text("ServiceArn"), filter?.Text("VpcEndpointId"));
        var map = await directory.Read(call.Scope(), cancellationToken);
        var listed = map.All<VpcIngressRecord>()
            .Where(ingress => ingress.IsActive && (service is null || ingress.ServiceArn == service) && (endpoint is null || ingress.EndpointId == endpoint))
            .OrderBy(ingress => ingress.Name, StringComparer.Ordinal);
        var (page, next) = PageTokens.Page(call, listed, ingress => ingress.Name, Pages.Size(call));
        var output = new JsonObject
        {
            ["VpcIngressConnectionSummaryList"] = ApiOutput.List(page.Select(ingress => new JsonObject { ["VpcIngressConnectionArn"] = ingress.Arn, ["ServiceArn"] = ingress.ServiceArn })),
        };
        if (next is not null)
        {
            output["NextToken"] = next;
        }

        return output;
    }

    private Task<JsonObject> Update(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        call.Scope(),
        edit =>
        {
            var ingress = Active(edit.Map, call);
            var endpoint = Endpoint(edit.Map, call);
            return Answer(edit.Put(ingress with { VpcId = endpoint.VpcId, EndpointId = endpoint.Id }));
        },
        cancellationToken);

    private Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        call.Scope(), edit => Answer(edit.Put(Active(edit.Map, call) with { DeletedAt = edit.Now })), cancellationToken);

    private async Task<ServiceRecord> Service(ApiCall call, CancellationToken cancellationToken)
    {
        ServiceRecord service;
        try
        {
            service = (await services.FindAlive(call, cancellationToken)).Record;
        }
        catch (ApiException missing) when (missing.Code == "ResourceNotFoundException")
        {
            // The operation has no such error.
            throw ApiErrors.InvalidRequest(missing.Message);
        }

        return !service.Definition.Network.IsPubliclyAccessible
            ? service
            : throw ApiErrors.InvalidState(
                $"Service {service.Name} is publicly accessible, so that it needs no VPC ingress connection. Set NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible to false first (UpdateService).");
    }

    private static VpcEndpointRecord Endpoint(NetworkMap map, ApiCall call)
    {
        var input = call.Input.Object("IngressVpcConfiguration");
        var (vpcId, endpointId) = (input?.Text("VpcId"), input?.Text("VpcEndpointId"));
        if (vpcId is null || endpointId is null)
        {
            throw ApiErrors.InvalidRequest("IngressVpcConfiguration needs a VpcId and a VpcEndpointId ('aws ec2 create-vpc-endpoint' makes one).");
        }

        return map.Find<VpcEndpointRecord>(endpointId) is { } endpoint && endpoint.VpcId == vpcId
            ? endpoint
            : throw ApiErrors.InvalidRequest($"IngressVpcConfiguration: there is no VPC endpoint {Excerpt.Of(endpointId)} in {Excerpt.Of(vpcId)}. 'aws ec2 describe-vpc-endpoints' shows those that there are.");
    }

    private static VpcIngressRecord Active(NetworkMap map, ApiCall call)
    {
        var ingress = VpcIngresses.Get(map, call.Scope(), call.Input.RequiredText("VpcIngressConnectionArn"));
        return ingress.IsActive ? ingress : throw ApiErrors.NotFound($"VPC ingress connection not found: {ingress.Arn} was deleted.");
    }

    private JsonObject Answer(VpcIngressRecord ingress) => new()
    {
        ["VpcIngressConnection"] = new JsonObject
        {
            ["VpcIngressConnectionArn"] = ingress.Arn,
            ["VpcIngressConnectionName"] = ingress.Name,
            ["ServiceArn"] = ingress.ServiceArn,
            ["Status"] = ingress.IsActive ? "AVAILABLE" : "DELETED",
            ["AccountId"] = ingress.Scope.Account,
            ["DomainName"] = ingress.DomainName(platformDomain),
            ["IngressVpcConfiguration"] = new JsonObject { ["VpcId"] = ingress.VpcId, ["VpcEndpointId"] = ingress.EndpointId },
            ["CreatedAt"] = ApiOutput.Timestamp(ingress.CreatedAt),
            ["DeletedAt"] = ApiOutput.Timestamp(ingress.DeletedAt),
        },
    };
}
