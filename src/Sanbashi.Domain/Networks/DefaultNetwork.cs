namespace Sanbashi.Domain.Networks;

/// <summary>What EC2 makes by itself.</summary>
public static class DefaultNetwork
{
    public const string Cidr = "172.31.0.0/16";

    private const string Everywhere = "0.0.0.0/0";
    private const int Zones = 3;

    /// <summary>The zones of a region: its name with a letter.</summary>
    public static IReadOnlyList<string> ZonesOf(string region) => [.. Enumerable.Range(0, Zones).Select(zone => $"{region}{(char)('a' + zone)}")];

    /// <summary>The default VPC of a region: a public subnet in each zone.</summary>
    /// <param name="newId">Makes an id from what it begins with.</param>
    public static IReadOnlyList<NetworkResource> Region(string region, Func<string, string> newId, DateTimeOffset now)
    {
        var vpc = new VpcRecord { Id = newId("vpc"), CreatedAt = now, Cidr = Cidr, IsDefault = true, HasDnsHostnames = true };
        var gateway = new InternetGatewayRecord { Id = newId("igw"), CreatedAt = now, VpcId = vpc.Id };
        var parts = PartsOf(vpc, newId, now)
            .Select(part => part is RouteTableRecord table ? table with { Routes = [new RouteEntry(Everywhere, gateway.Id)] } : part);
        var subnets = ZonesOf(region).Select((zone, index) => new SubnetRecord
        {
            Id = newId("subnet"),
            CreatedAt = now,
            VpcId = vpc.Id,
            Cidr = AddressPlan.DefaultSubnet(index),
            AvailabilityZone = zone,
            IsDefault = true,
            MapsPublicAddresses = true,
        });
        return [new RegionRecord { Id = RegionRecord.TheId, CreatedAt = now }, vpc, gateway, .. parts, .. subnets];
    }

    /// <summary>What every VPC is born with: its default security group, which lets its members talk to each other and out, and its main route table.</summary>
    public static IReadOnlyList<NetworkResource> PartsOf(VpcRecord vpc, Func<string, string> newId, DateTimeOffset now)
    {
        var group = new SecurityGroupRecord
        {
            Id = newId("sg"),
            CreatedAt = now,
            VpcId = vpc.Id,
            Name = SecurityGroupRecord.DefaultName,
            Description = "default VPC security group",
        };
        var members = new SecurityGroupRuleRecord
        {
            Id = newId("sgr"),
            CreatedAt = now,
            GroupId = group.Id,
            IsEgress = false,
            Permission = new SecurityGroupPermission(SecurityGroupPermission.AnyProtocol, null, null, new SecurityGroupPeer { GroupId = group.Id }),
        };
        var table = new RouteTableRecord
        {
            Id = newId("rtb"),
            CreatedAt = now,
            VpcId = vpc.Id,
            Associations = [new RouteTableAssociationEntry(newId("rtbassoc"), null)],
        };
        return [group, members, AllOut(group, newId, now), table];
    }

    /// <summary>The rule that every new group has: everything may go out.</summary>
    public static SecurityGroupRuleRecord AllOut(SecurityGroupRecord group, Func<string, string> newId, DateTimeOffset now) => new()
    {
        Id = newId("sgr"),
        CreatedAt = now,
        GroupId = group.Id,
        IsEgress = true,
        Permission = new SecurityGroupPermission(SecurityGroupPermission.AnyProtocol, null, null, new SecurityGroupPeer { Cidr = Everywhere }),
    };
}
