namespace Sanbashi.Domain.Networks;

/// <summary>
/// Whom a rule's other side means. Within a VPC a block of its plan means the members of the subnets that lie wholly in it: a part of a subnet means nobody, since members have
/// no addresses of the plan. Outside, a block means itself.
/// </summary>
internal sealed class PeerAddresses(VpcDesign vpc, NetworkPlace place, IReadOnlyList<VpcMember> members)
{
    /// <summary>As nft writes it; null: nobody.</summary>
    public string? Within(SecurityGroupPeer peer)
    {
        if (peer.GroupId is { } group)
        {
            return Set(members.Where(member => member.GroupIds.Contains(group, StringComparer.Ordinal)));
        }

        if (peer.Cidr is null)
        {
            return null;
        }

        var block = Ipv4Block.Parse(peer.Cidr);
        if (block.Contains(vpc.Plan))
        {
            return place.Block.ToString();
        }

        var subnets = vpc.Subnets.Where(subnet => block.Contains(subnet.Plan)).Select(subnet => subnet.Id).ToHashSet(StringComparer.Ordinal);
        return Set(members.Where(member => member.SubnetId is { } subnet && subnets.Contains(subnet)));
    }

    public static string? Outside(SecurityGroupPeer peer) => peer.Cidr;

    private static string? Set(IEnumerable<VpcMember> members)
    {
        var addresses = members.Select(member => member.Address).Distinct().Order().Select(address => Ipv4Block.AddressOf(address).ToString()).ToList();
        return addresses.Count == 0 ? null : $"{{ {string.Join(", ", addresses)} }}";
    }
}
