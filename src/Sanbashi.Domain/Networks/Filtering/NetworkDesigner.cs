namespace Sanbashi.Domain.Networks;

/// <summary>Makes of what the API was told what is to be on the machine. Only VPCs that something can be in get a network: those with a connector or an endpoint.</summary>
public static class NetworkDesigner
{
    public static NetworkDesign Of(IEnumerable<NetworkMap> maps) => new([.. maps.SelectMany(Vpcs).OrderBy(vpc => vpc.Id, StringComparer.Ordinal)]);

    private static IEnumerable<VpcDesign> Vpcs(NetworkMap map)
    {
        var used = map.All<VpcConnectorRecord>().Where(connector => connector.IsActive).Select(connector => connector.VpcId)
            .Concat(map.All<VpcEndpointRecord>().Select(endpoint => endpoint.VpcId))
            .ToHashSet(StringComparer.Ordinal);
        return from vpc in map.All<VpcRecord>()
               where used.Contains(vpc.Id)
               select new VpcDesign(
                   vpc.Id,
                   Ipv4Block.Parse(vpc.Cidr),
                   [.. map.SubnetsOf(vpc.Id).Select(subnet => new SubnetDesign(subnet.Id, Ipv4Block.Parse(subnet.Cidr), Routes(map, subnet)))],
                   [.. map.GroupsOf(vpc.Id).Select(owner => new GroupDesign(owner.Id, Permissions(map, owner, isEgress: false), Permissions(map, owner, isEgress: true)))])
               {
                   Endpoints = [.. map.All<VpcEndpointRecord>().Where(endpoint => endpoint.VpcId == vpc.Id).Select(endpoint => new EndpointDesign(endpoint.SubnetIds, endpoint.GroupIds))],
               };
    }

    private static IReadOnlyList<RouteDesign> Routes(NetworkMap map, SubnetRecord subnet) => map.TableOf(subnet) is { } table
        ?
        [
            .. table.Routes
                .Select(route => new RouteDesign(Ipv4Block.Parse(route.Destination), LeadsOut(map, table, route)))
                .OrderByDescending(route => route.Destination.PrefixLength)
                .ThenBy(route => route.Destination.First),
        ]
        : [];

    private static bool LeadsOut(NetworkMap map, RouteTableRecord table, RouteEntry route) =>
        map.IsActive(table, route) && map.Resources[route.Target] is not NatGatewayRecord { IsPublic: false };

    private static IReadOnlyList<SecurityGroupPermission> Permissions(NetworkMap map, SecurityGroupRecord group, bool isEgress) =>
        [.. map.RulesOf(group.Id).Where(rule => rule.IsEgress == isEgress).Select(rule => rule.Permission)];
}
