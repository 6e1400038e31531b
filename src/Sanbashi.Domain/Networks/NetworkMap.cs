using System.Collections.Immutable;

namespace Sanbashi.Domain.Networks;

/// <summary>All networks of one account and region at one moment.</summary>
/// <param name="Resources">By id.</param>
public sealed record NetworkMap(ImmutableDictionary<string, NetworkResource> Resources)
{
    public static NetworkMap Empty { get; } = new(ImmutableDictionary.Create<string, NetworkResource>(StringComparer.Ordinal));

    public NetworkMap With(NetworkResource resource) => new(Resources.SetItem(resource.Id, resource));

    public NetworkMap Without(string id) => new(Resources.Remove(id));

    public T? Find<T>(string? id)
        where T : NetworkResource =>
        id is null ? null : Resources.GetValueOrDefault(id) as T;

    public IEnumerable<T> All<T>()
        where T : NetworkResource =>
        Resources.Values.OfType<T>().OrderBy(resource => resource.Id, StringComparer.Ordinal);

    public VpcRecord? DefaultVpc => All<VpcRecord>().FirstOrDefault(vpc => vpc.IsDefault);

    public IEnumerable<SubnetRecord> SubnetsOf(string vpcId) => All<SubnetRecord>().Where(subnet => subnet.VpcId == vpcId);

    public IEnumerable<SecurityGroupRecord> GroupsOf(string vpcId) => All<SecurityGroupRecord>().Where(group => group.VpcId == vpcId);

    public SecurityGroupRecord? DefaultGroupOf(string vpcId) => GroupsOf(vpcId).FirstOrDefault(group => group.IsDefault);

    public IEnumerable<SecurityGroupRuleRecord> RulesOf(string groupId) => All<SecurityGroupRuleRecord>().Where(rule => rule.GroupId == groupId);

    public IEnumerable<RouteTableRecord> TablesOf(string vpcId) => All<RouteTableRecord>().Where(table => table.VpcId == vpcId);

    /// <summary>The table that a subnet's traffic goes by: its own, else the VPC's main one.</summary>
    public RouteTableRecord? TableOf(SubnetRecord subnet)
    {
        RouteTableRecord? main = null;
        foreach (var table in TablesOf(subnet.VpcId))
        {
            if (table.Associations.Any(association => association.SubnetId == subnet.Id))
            {
                return table;
            }

            main = table.IsMain ? table : main;
        }

        return main;
    }

    public InternetGatewayRecord? InternetGatewayOf(string vpcId) => All<InternetGatewayRecord>().FirstOrDefault(gateway => gateway.VpcId == vpcId);

    /// <summary>Whether a route leads anywhere: its target exists and is attached. Others are called black holes.</summary>
    public bool IsActive(RouteTableRecord table, RouteEntry route) => Resources.GetValueOrDefault(route.Target) switch
    {
        InternetGatewayRecord gateway => gateway.VpcId == table.VpcId,
        NatGatewayRecord gateway => gateway.DeletedAt is null,
        _ => false,
    };
}
