using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on route tables, their routes and the subnets that go by them.</summary>
internal sealed class RouteTableApi(Ec2Calls calls)
{
    private const string Local = "local";

    /// <summary>Targets of routes that there are none of here.</summary>
    private static readonly string[] _otherTargets =
    [
        "CarrierGatewayId", "CoreNetworkArn", "EgressOnlyInternetGatewayId", "InstanceId", "LocalGatewayId", "NetworkInterfaceId", "OdbNetworkArn", "TransitGatewayId",
        "VpcEndpointId", "VpcPeeringConnectionId",
    ];

    private static readonly Ec2Description<RouteTableRecord> _description = new(
        "RouteTables",
        "RouteTableIds",
        new Ec2Filters<RouteTableRecord>()
            .On("route-table-id", table => table.Id)
            .On("vpc-id", table => table.VpcId)
            .OnEach("association.main", (_, table) => table.Associations.Select(association => association.SubnetId is null ? "true" : "false"))
            .OnEach("association.subnet-id", (_, table) => table.Associations.Select(association => association.SubnetId))
            .OnEach("association.route-table-association-id", (_, table) => table.Associations.Select(association => association.Id))
            .OnEach("association.route-table-id", (_, table) => table.Associations.Select(_ => table.Id))
            .OnEach("route.destination-cidr-block", (_, table) => table.Routes.Select(route => route.Destination))
            .OnEach("route.gateway-id", (_, table) => table.Routes.Select(route => route.Target).Append(Local))
            .OnEach("route.nat-gateway-id", (_, table) => table.Routes.Select(route => route.Target)),
        Render);

    public void Register(ApiService api) => api
        .Handle("CreateRouteTable", calls.Change(Create))
        .Handle("DeleteRouteTable", calls.Change(Delete))
        .Handle("DescribeRouteTables", calls.Query(_description.Answer))
        .Handle("AssociateRouteTable", calls.Change(Associate))
        .Handle("DisassociateRouteTable", calls.Change(Disassociate))
        .Handle("CreateRoute", calls.Change(CreateRoute))
        .Handle("DeleteRoute", calls.Change(DeleteRoute));

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        var vpc = edit.Map.Named<VpcRecord>(call.Input, "VpcId");
        if (edit.Map.TablesOf(vpc.Id).Count() >= Ec2Quotas.RouteTablesPerVpc)
        {
            throw Ec2Errors.Limit("RouteTable", "The maximum number of route tables has been reached.");
        }

        var table = edit.Put(new RouteTableRecord { Id = NetworkIds.Of("rtb"), CreatedAt = edit.Now, VpcId = vpc.Id, Tags = Ec2Tags.Specified(call.Input, "route-table") });
        return new JsonObject { ["RouteTable"] = Render(call, edit.Map, table), ["ClientToken"] = call.Input.Text("ClientToken") };
    }

    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var table = edit.Map.Named<RouteTableRecord>(call.Input, "RouteTableId");
        if (table.Associations.Count > 0)
        {
            throw Ec2Errors.Dependency($"The routeTable '{table.Id}' has dependencies and cannot be deleted.");
        }

        edit.Remove(table);
        return [];
    }

    private static JsonObject Associate(ApiCall call, NetworkEdit edit)
    {
        var table = edit.Map.Named<RouteTableRecord>(call.Input, "RouteTableId");
        if (call.Input.Text("GatewayId") is not null)
        {
            throw Ec2Errors.Unsupported("Route tables can be associated with subnets here, not with gateways.");
        }

        var subnet = edit.Map.Named<SubnetRecord>(call.Input, "SubnetId");
        if (subnet.VpcId != table.VpcId)
        {
            throw Ec2Errors.Invalid($"route table {table.Id} and subnet {subnet.Id} belong to different networks");
        }

        var present = edit.Map.TablesOf(table.VpcId)
            .SelectMany(other => other.Associations.Select(association => (Table: other, Association: association)))
            .FirstOrDefault(pair => pair.Association.SubnetId == subnet.Id);
        if (present.Association is not null && present.Table.Id != table.Id)
        {
            throw new ApiException("Resource.AlreadyAssociated", $"the specified association for route table {table.Id} conflicts with an existing association");
        }

        var association = present.Association ?? new RouteTableAssociationEntry(NetworkIds.Of("rtbassoc"), subnet.Id);
        if (present.Association is null)
        {
            edit.Put(table with { Associations = [.. table.Associations, association] });
        }

        return new JsonObject { ["AssociationId"] = association.Id, ["AssociationState"] = new JsonObject { ["State"] = "associated" } };
    }

    private static JsonObject Disassociate(ApiCall call, NetworkEdit edit)
    {
        var id = call.Input.Text("AssociationId")!;
        var table = edit.Map.All<RouteTableRecord>().FirstOrDefault(table => table.Associations.Any(association => association.Id == id))
            ?? throw new ApiException("InvalidAssociationID.NotFound", $"The association ID '{Excerpt.Of(id)}' does not exist");
        if (table.Associations.First(association => association.Id == id).SubnetId is null)
        {
            throw Ec2Errors.Invalid($"cannot disassociate the main route table association {id}");
        }

        edit.Put(table with { Associations = [.. table.Associations.Where(association => association.Id != id)] });
        return [];
    }

    private static JsonObject CreateRoute(ApiCall call, NetworkEdit edit)
    {
        var map = edit.Map;
        var table = map.Named<RouteTableRecord>(call.Input, "RouteTableId");
        var destination = Destination(call);
        var block = Ipv4Block.Parse(destination);
        if (_otherTargets.FirstOrDefault(target => call.Input.Text(target) is not null) is { } other)
        {
            throw Ec2Errors.Unsupported($"Routes lead to internet gateways (GatewayId) or NAT gateways (NatGatewayId) here; {other} is not available.");
        }

        var target = (call.Input.Text("GatewayId"), call.Input.Text("NatGatewayId")) switch
        {
            ({ } gateway, null) => Attached(table, map.Get<InternetGatewayRecord>(gateway)),
            (null, { } nat) => map.Get<NatGatewayRecord>(nat) is { DeletedAt: null } found && found.VpcId == table.VpcId ? found.Id : throw Ec2Errors.NotFound(nat),
            (null, null) => throw Ec2Errors.Missing("gatewayId"),
            _ => throw Ec2Errors.Combination("A route has one target. Give GatewayId or NatGatewayId."),
        };
        if (block == Ipv4Block.Parse(map.Get<VpcRecord>(table.VpcId).Cidr) || table.Routes.Any(route => route.Destination == destination))
        {
            throw new ApiException("RouteAlreadyExists", $"The route identified by {destination} already exists.");
        }

        if (table.Routes.Count >= Ec2Quotas.RoutesPerTable)
        {
            throw Ec2Errors.Limit("Route", "The maximum number of routes has been reached.");
        }

        edit.Put(table with { Routes = [.. table.Routes, new RouteEntry(destination, target)] });
        return new JsonObject { ["Return"] = true };
    }

    private static string Attached(RouteTableRecord table, InternetGatewayRecord gateway) =>
        gateway.VpcId == table.VpcId ? gateway.Id : throw Ec2Errors.Invalid($"route table {table.Id} and network gateway {gateway.Id} belong to different networks");

    private static JsonObject DeleteRoute(ApiCall call, NetworkEdit edit)
    {
        var table = edit.Map.Named<RouteTableRecord>(call.Input, "RouteTableId");
        var destination = Destination(call);
        if (table.Routes.All(route => route.Destination != destination))
        {
            throw new ApiException("InvalidRoute.NotFound", $"no route with destination-cidr-block {destination} in route table {table.Id}");
        }

        edit.Put(table with { Routes = [.. table.Routes.Where(route => route.Destination != destination)] });
        return [];
    }

    private static string Destination(ApiCall call)
    {
        if (call.Input.Text("DestinationIpv6CidrBlock") is not null || call.Input.Text("DestinationPrefixListId") is not null)
        {
            throw Ec2Errors.Unsupported("Routes have an IPv4 block as destination here (DestinationCidrBlock).");
        }

        var text = call.Input.Text("DestinationCidrBlock") ?? throw Ec2Errors.Missing("destinationCidrBlock");
        return AddressPlan.Read(text)?.ToString() ?? throw Ec2Errors.Invalid($"Value ({Excerpt.Of(text)}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.");
    }

    private static JsonObject Render(ApiCall call, NetworkMap map, RouteTableRecord table) => new()
    {
        ["RouteTableId"] = table.Id,
        ["VpcId"] = table.VpcId,
        ["OwnerId"] = call.Account,
        ["Associations"] = ApiOutput.List(table.Associations.Select(association => new JsonObject
        {
            ["RouteTableAssociationId"] = association.Id,
            ["RouteTableId"] = table.Id,
            ["SubnetId"] = association.SubnetId,
            ["Main"] = association.SubnetId is null,
            ["AssociationState"] = new JsonObject { ["State"] = "associated" },
        })),
        ["Routes"] = ApiOutput.List(table.Routes.Select(route => Route(map, table, route)).Prepend(new JsonObject
        {
            ["DestinationCidrBlock"] = map.Get<VpcRecord>(table.VpcId).Cidr,
            ["GatewayId"] = Local,
            ["Origin"] = "CreateRouteTable",
            ["State"] = "active",
        })),
        ["PropagatingVgws"] = new JsonArray(),
        ["Tags"] = Ec2Tags.Render(table.Tags),
    };

    private static JsonObject Route(NetworkMap map, RouteTableRecord table, RouteEntry route) => new()
    {
        ["DestinationCidrBlock"] = route.Destination,
        [route.Target.StartsWith("nat-", StringComparison.Ordinal) ? "NatGatewayId" : "GatewayId"] = route.Target,
        ["Origin"] = "CreateRoute",
        ["State"] = map.IsActive(table, route) ? "active" : "blackhole",
    };
}
