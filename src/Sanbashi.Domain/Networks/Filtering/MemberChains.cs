namespace Sanbashi.Domain.Networks;

/// <summary>The chains of members: one for those with the same groups, or the same subnet, and the maps that lead an address to its chain. Who is in no map is dropped.</summary>
internal sealed class MemberChains
{
    private readonly List<(string Name, IReadOnlyList<string> Rules)> _chains = [];
    private readonly Dictionary<string, SortedDictionary<uint, string>> _maps = new()
    {
        ["in"] = [],
        ["out"] = [],
        ["out_within"] = [],
        ["reach"] = [],
    };

    public MemberChains(NetworkDesign design, IEnumerable<NetworkPlace> places, IReadOnlyCollection<VpcMember> members)
    {
        var placed = places.ToDictionary(place => place.VpcId, StringComparer.Ordinal);
        foreach (var vpc in design.Vpcs.Where(vpc => placed.ContainsKey(vpc.Id)).OrderBy(vpc => vpc.Id, StringComparer.Ordinal))
        {
            Add(vpc, placed[vpc.Id], [.. members.Where(member => member.VpcId == vpc.Id).OrderBy(member => member.Address).DistinctBy(member => member.Address)]);
        }
    }

    public IReadOnlyList<(string Name, IReadOnlyList<string> Rules)> Chains => _chains;

    /// <summary>In the order of their names, and of addresses.</summary>
    public IEnumerable<(string Name, IReadOnlyList<string> Elements)> Maps => _maps
        .OrderBy(map => map.Key, StringComparer.Ordinal)
        .Select(map => (map.Key, (IReadOnlyList<string>)[.. map.Value.Select(element => $"{Ipv4Block.AddressOf(element.Key)} : {element.Value}")]));

    private void Add(VpcDesign vpc, NetworkPlace place, IReadOnlyList<VpcMember> members)
    {
        // Endpoints are this machine's address, however many there are.
        var doors = vpc.Endpoints
            .SelectMany(endpoint => endpoint.SubnetIds.Append(null).Select(subnet => new VpcMember(vpc.Id, Ipv4Block.Number(place.Machine), subnet, endpoint.GroupIds, IsReachable: true)))
            .ToList();
        var peers = new PeerAddresses(vpc, place, [.. members, .. doors]);
        if (doors.Count > 0)
        {
            var groups = vpc.Groups.Where(group => doors.Exists(door => door.GroupIds.Contains(group.Id, StringComparer.Ordinal)));
            Lead("in", "goto", doors, [.. Rules(groups.SelectMany(group => group.Ingress).Distinct(), peers.Within, "ip saddr", "accept"), "drop"]);
        }

        foreach (var alike in members.GroupBy(member => string.Join('\n', member.GroupIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))).OrderBy(alike => alike.Key, StringComparer.Ordinal))
        {
            var ids = alike.Key.Split('\n');
            var groups = vpc.Groups.Where(group => ids.Contains(group.Id, StringComparer.Ordinal)).ToList();
            var egress = groups.SelectMany(group => group.Egress).Distinct().ToList();
            Lead("out_within", "goto", alike, [.. Rules(egress, peers.Within, "ip daddr", "goto arriving"), "drop"]);
            Lead("out", "goto", alike, [.. Rules(egress, PeerAddresses.Outside, "ip daddr", "accept"), "drop"]);
            if (alike.Where(member => member.IsReachable).ToList() is { Count: > 0 } reachable)
            {
                Lead("in", "goto", reachable, [.. Rules(groups.SelectMany(group => group.Ingress).Distinct(), peers.Within, "ip saddr", "accept"), "drop"]);
            }
        }

        foreach (var alike in members.GroupBy(member => member.SubnetId ?? "").OrderBy(alike => alike.Key, StringComparer.Ordinal))
        {
            // A packet to the plan itself would otherwise go to whoever has that address outside.
            const string No = "reject with icmpx type admin-prohibited";
            var routes = vpc.Subnets.FirstOrDefault(subnet => subnet.Id == alike.Key)?.Routes ?? [];
            Lead("reach", "jump", alike, [$"ip daddr {vpc.Plan} {No}", .. routes.Select(route => $"ip daddr {route.Destination} {(route.IsOpen ? "return" : No)}"), No]);
        }
    }

    private void Lead(string map, string how, IEnumerable<VpcMember> members, IReadOnlyList<string> rules)
    {
        var name = $"{map}_{_chains.Count}";
        _chains.Add((name, rules));
        foreach (var member in members)
        {
            _maps[map][member.Address] = $"{how} {name}";
        }
    }

    private static IEnumerable<string> Rules(IEnumerable<SecurityGroupPermission> permissions, Func<SecurityGroupPeer, string?> peer, string side, string verdict) => permissions
        .Where(permission => permission.Protocol != "icmpv6")
        .Select(permission => (Peer: peer(permission.Peer), Traffic: Traffic(permission)))
        .Where(rule => rule.Peer is not null)
        .Select(rule => string.Join(' ', new[] { $"{side} {rule.Peer}", rule.Traffic, verdict }.Where(part => part.Length > 0)))
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static string Traffic(SecurityGroupPermission permission) => permission switch
    {
        { Protocol: SecurityGroupPermission.AnyProtocol } => "",
        { Protocol: "tcp" or "udp", FromPort: 0, ToPort: 65535 } => $"meta l4proto {permission.Protocol}",
        { Protocol: "tcp" or "udp" } when permission.FromPort == permission.ToPort => $"{permission.Protocol} dport {permission.FromPort}",
        { Protocol: "tcp" or "udp" } => $"{permission.Protocol} dport {permission.FromPort}-{permission.ToPort}",
        { Protocol: "icmp", FromPort: null or -1 } => "meta l4proto icmp",
        { Protocol: "icmp", ToPort: null or -1 } => $"icmp type {permission.FromPort}",
        { Protocol: "icmp" } => $"icmp type {permission.FromPort} icmp code {permission.ToPort}",
        _ => $"meta l4proto {permission.Protocol}",
    };
}
