using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on VPC endpoints. There is one service to make them for: the requests to private services.</summary>
internal sealed class VpcEndpointApi(Ec2Calls calls)
{
    private static readonly Ec2Description<VpcEndpointRecord> _description = new(
        "VpcEndpoints",
        "VpcEndpointIds",
        new Ec2Filters<VpcEndpointRecord>()
            .On("vpc-endpoint-id", endpoint => endpoint.Id)
            .On("vpc-id", endpoint => endpoint.VpcId)
            .On("service-name", endpoint => endpoint.ServiceName)
            .On("vpc-endpoint-type", _ => "Interface")
            .On("vpc-endpoint-state", _ => "available"),
        Render);

    private static readonly Ec2Filters<VpcEndpointRecord> _interfaceFilters = new Ec2Filters<VpcEndpointRecord>()
        .On("vpc-id", endpoint => endpoint.VpcId)
        .OnEach("subnet-id", (_, endpoint) => endpoint.SubnetIds)
        .OnEach("group-id", (_, endpoint) => endpoint.GroupIds)
        .OnEach("network-interface-id", (_, endpoint) => endpoint.InterfaceIds)
        .On("interface-type", _ => "vpc_endpoint")
        .On("status", _ => "in-use");

    public void Register(ApiService api) => api
        .Handle("CreateVpcEndpoint", calls.Change(Create))
        .Handle("DeleteVpcEndpoints", calls.Change(Delete))
        .Handle("DescribeVpcEndpoints", calls.Query(_description.Answer))
        .Handle("DescribeNetworkInterfaces", calls.Query(DescribeInterfaces));

    /// <summary>What private services of a region are reached through.</summary>
    public static string RequestsService(string region) => $"com.amazonaws.{region}.apprunner.requests";

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        var map = edit.Map;
        var vpc = map.Named<VpcRecord>(call.Input, "VpcId");
        var service = call.Input.Text("ServiceName") ?? throw Ec2Errors.Missing("ServiceName");
        if (service != RequestsService(call.Region))
        {
            throw new ApiException(
                "InvalidServiceName",
                $"The Vpc Endpoint Service '{Excerpt.Of(service)}' does not exist. Here there is {RequestsService(call.Region)}; services of AWS are reached through a NAT gateway.");
        }

        if (call.Input.Text("VpcEndpointType") is { } type and not "Interface")
        {
            throw Ec2Errors.Invalid($"The Vpc Endpoint Service '{service}' does not support Vpc Endpoints of type {type}. Give VpcEndpointType=Interface.");
        }

        if (map.All<VpcEndpointRecord>().Count(endpoint => endpoint.VpcId == vpc.Id) >= Ec2Quotas.Endpoints)
        {
            throw Ec2Errors.Limit("VpcEndpoint", "The maximum number of VPC endpoints has been reached.");
        }

        IReadOnlyList<string> subnets = [.. (call.Input.Texts("SubnetIds") ?? []).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<string> groups = [.. (call.Input.Texts("SecurityGroupIds") ?? []).Distinct(StringComparer.Ordinal)];
        if ((subnets.FirstOrDefault(id => map.Get<SubnetRecord>(id).VpcId != vpc.Id) ?? groups.FirstOrDefault(id => map.Get<SecurityGroupRecord>(id).VpcId != vpc.Id)) is { } stranger)
        {
            throw Ec2Errors.Invalid($"{stranger} does not belong to {vpc.Id}");
        }

        var endpoint = edit.Put(new VpcEndpointRecord
        {
            Id = NetworkIds.Of("vpce"),
            CreatedAt = edit.Now,
            VpcId = vpc.Id,
            ServiceName = service,
            SubnetIds = subnets,
            GroupIds = groups.Count > 0 ? groups : [.. map.DefaultGroupOf(vpc.Id) is { } group ? new[] { group.Id } : []],
            InterfaceIds = [.. subnets.Select(_ => NetworkIds.Of("eni"))],
            HasPrivateDns = call.Input.Flag("PrivateDnsEnabled") ?? true,
            Tags = Ec2Tags.Specified(call.Input, "vpc-endpoint"),
        });
        return new JsonObject { ["VpcEndpoint"] = Render(call, edit.Map, endpoint), ["ClientToken"] = call.Input.Text("ClientToken") };
    }

    /// <summary>Those that are not there are named in the answer, and the others deleted.</summary>
    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var unsuccessful = new JsonArray();
        foreach (var id in call.Input.Texts("VpcEndpointIds")!.Distinct(StringComparer.Ordinal))
        {
            var endpoint = edit.Map.Find<VpcEndpointRecord>(id);
            var user = edit.Map.All<VpcIngressRecord>().FirstOrDefault(ingress => ingress.IsActive && ingress.EndpointId == id);
            if (endpoint is not null && user is null)
            {
                edit.Remove(endpoint);
                continue;
            }

            var error = user is null
                ? new JsonObject { ["Code"] = "InvalidVpcEndpoint.NotFound", ["Message"] = $"The Vpc Endpoint Id '{Excerpt.Of(id)}' does not exist" }
                : new JsonObject { ["Code"] = "DependencyViolation", ["Message"] = $"The Vpc Endpoint '{id}' is used by the VPC ingress connection {user.Name}" };
            unsuccessful.Add((JsonNode)new JsonObject { ["ResourceId"] = id, ["Error"] = error });
        }

        return new JsonObject { ["Unsuccessful"] = unsuccessful };
    }

    /// <summary>The interfaces of endpoints, one in each of their subnets.</summary>
    private static JsonObject DescribeInterfaces(ApiCall call, NetworkMap map)
    {
        var ids = call.Input.Texts("NetworkInterfaceIds") ?? [];
        var endpoints = _interfaceFilters.Apply(map, map.All<VpcEndpointRecord>(), call.Input.Objects("Filters"));
        var interfaces = endpoints
            .SelectMany(endpoint => endpoint.InterfaceIds.Select((id, index) => (Id: id, Endpoint: endpoint, Subnet: map.Find<SubnetRecord>(endpoint.SubnetIds[index]))))
            .Where(pair => pair.Subnet is not null && (ids.Count == 0 || ids.Contains(pair.Id)))
            .OrderBy(pair => pair.Id, StringComparer.Ordinal)
            .ToList();
        if (ids.FirstOrDefault(id => !interfaces.Exists(pair => pair.Id == id)) is { } unknown)
        {
            throw Ec2Errors.NotFound(unknown);
        }

        var (page, next) = PageTokens.Page(call, interfaces, pair => pair.Id, call.Input.Integer("MaxResults"), "InvalidNextToken");
        var output = new JsonObject { ["NetworkInterfaces"] = ApiOutput.List(page.Select(pair => Interface(call, map, pair.Id, pair.Endpoint, pair.Subnet!))) };
        if (next is not null)
        {
            output["NextToken"] = next;
        }

        return output;
    }

    private static JsonObject Interface(ApiCall call, NetworkMap map, string id, VpcEndpointRecord endpoint, SubnetRecord subnet) => new()
    {
        ["NetworkInterfaceId"] = id,
        ["Description"] = $"VPC Endpoint Interface {endpoint.Id}",
        ["InterfaceType"] = "vpc_endpoint",
        ["VpcId"] = endpoint.VpcId,
        ["SubnetId"] = subnet.Id,
        ["AvailabilityZone"] = subnet.AvailabilityZone,
        ["OwnerId"] = call.Account,
        ["RequesterManaged"] = true,
        ["SourceDestCheck"] = true,
        ["Status"] = "in-use",
        ["Groups"] = Groups(map, endpoint),
        ["TagSet"] = new JsonArray(),
    };

    private static JsonArray Groups(NetworkMap map, VpcEndpointRecord endpoint) =>
        ApiOutput.List(endpoint.GroupIds.Select(id => new JsonObject { ["GroupId"] = id, ["GroupName"] = map.Find<SecurityGroupRecord>(id)?.Name }));

    private static JsonObject Render(ApiCall call, NetworkMap map, VpcEndpointRecord endpoint) => new()
    {
        ["VpcEndpointId"] = endpoint.Id,
        ["VpcEndpointType"] = "Interface",
        ["VpcId"] = endpoint.VpcId,
        ["ServiceName"] = endpoint.ServiceName,
        ["State"] = "available",
        ["SubnetIds"] = ApiOutput.List(endpoint.SubnetIds.Select(id => JsonValue.Create(id))),
        ["RouteTableIds"] = new JsonArray(),
        ["Groups"] = Groups(map, endpoint),
        ["NetworkInterfaceIds"] = ApiOutput.List(endpoint.InterfaceIds.Select(id => JsonValue.Create(id))),
        ["DnsEntries"] = new JsonArray(),
        ["PrivateDnsEnabled"] = endpoint.HasPrivateDns,
        ["RequesterManaged"] = false,
        ["IpAddressType"] = "ipv4",
        ["OwnerId"] = call.Account,
        ["CreationTimestamp"] = ApiOutput.Timestamp(endpoint.CreatedAt),
        ["Tags"] = Ec2Tags.Render(endpoint.Tags),
    };
}
