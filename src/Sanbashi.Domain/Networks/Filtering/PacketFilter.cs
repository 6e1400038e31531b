using System.Globalization;

namespace Sanbashi.Domain.Networks;

/// <summary>
/// The text of the nft table that holds VPCs apart and their security groups' rules. The same input gives the same text, in whatever order it comes.
/// 1. Packets from a bridge of ours pass <c>leaving</c>: answers go through; within the VPC the sender's groups decide (<c>out</c> within), then the receiver's (<c>in</c>);
///    to other networks of this machine nothing goes; to the rest of the world the subnet's routes decide (<c>reach</c>), then the sender's groups (<c>out</c>).
/// 2. Packets to a bridge of ours from anywhere else pass only as answers. What this machine itself sends, the gateway's requests above all, is not forwarded and so not asked.
/// 3. Of the machine itself members reach the name server, and where the VPC has an endpoint the gateway's ports: who may is decided before these are led to where the gateway
///    listens, as if the endpoint was a member.
/// Every packet that is not an answer is decided anew, so that a rule that is revoked also ends what it had let through.
/// </summary>
public static class PacketFilter
{
    /// <summary>Before the engines' own chains (priority filter is 0): an accept here leaves the packet to them, a drop is final.</summary>
    private const int Priority = -10;

    private const string Indent = "    ";

    /// <param name="places">Those that exist; a VPC without one is left out.</param>
    /// <param name="ports">The gateway's, for VPCs with an endpoint.</param>
    /// <param name="otherBridges">Networks of this installation that members must not reach.</param>
    public static string Render(
        string table,
        NetworkDesign design,
        IReadOnlyCollection<NetworkPlace> places,
        IReadOnlyCollection<VpcMember> members,
        IReadOnlyCollection<GatewayPort> ports,
        IReadOnlyCollection<string> otherBridges)
    {
        if (places.Count == 0)
        {
            return Removal(table);
        }

        var lines = new List<string> { $"table inet {table} {{", "}", $"delete table inet {table}", $"table inet {table} {{" };
        var chains = new MemberChains(design, places, members);
        foreach (var (name, rules) in chains.Chains)
        {
            lines.AddRange([$"{Indent}chain {name} {{", .. rules.Select(rule => Indent + Indent + rule), Indent + "}"]);
        }

        foreach (var (name, elements) in chains.Maps)
        {
            lines.AddRange([$"{Indent}map {name} {{", $"{Indent}{Indent}type ipv4_addr : verdict"]);
            if (elements.Count > 0)
            {
                lines.Add($"{Indent}{Indent}elements = {{ {string.Join(", ", elements)} }}");
            }

            lines.Add(Indent + "}");
        }

        lines.AddRange(EndpointChains(design, places, ports));
        var bridges = places.Select(place => place.Bridge).Order(StringComparer.Ordinal).ToList();
        var ours = $"{{ {string.Join(", ", bridges.Select(Quoted))} }}";
        var forbidden = $"{{ {string.Join(", ", bridges.Concat(otherBridges).Order(StringComparer.Ordinal).Select(Quoted))} }}";
        var same = $"{{ {string.Join(", ", bridges.Select(bridge => $"{Quoted(bridge)} . {Quoted(bridge)}"))} }}";
        var led = ports.Count == 0 ? "" : $"ct status dnat ip daddr 127.0.0.1 tcp dport {{ {string.Join(", ", ports.Select(port => port.Target).Distinct().Order())} }} accept";
        lines.AddRange(string.Create(CultureInfo.InvariantCulture, $$"""
                chain arriving {
                    ip daddr vmap @in
                    drop
                }
                chain within {
                    ip saddr vmap @out_within
                    drop
                }
                chain leaving {
                    ct direction reply ct state established accept
                    ct state related accept
                    ip daddr 169.254.0.0/16 drop
                    iifname . oifname {{same}} goto within
                    oifname {{forbidden}} drop
                    ip saddr vmap @reach
                    ip saddr vmap @out
                    drop
                }
                chain entering {
                    ct direction reply ct state established accept
                    ct state related accept
                    drop
                }
                chain forward {
                    type filter hook forward priority {{Priority}}; policy accept;
                    iifname {{ours}} goto leaving
                    oifname {{ours}} goto entering
                }
                chain to_machine {
                    ct state established,related accept
                    udp dport 53 accept
                    tcp dport 53 accept
                    {{led}}
                    drop
                }
                chain input {
                    type filter hook input priority {{Priority}}; policy accept;
                    iifname {{ours}} goto to_machine
                }
            }
            """).ReplaceLineEndings("\n").Split('\n'));
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> EndpointChains(NetworkDesign design, IReadOnlyCollection<NetworkPlace> places, IReadOnlyCollection<GatewayPort> ports)
    {
        var doors = places.Where(place => design.Vpcs.Any(vpc => vpc.Id == place.VpcId && vpc.Endpoints.Count > 0)).OrderBy(place => place.Bridge, StringComparer.Ordinal).ToList();
        if (doors.Count == 0 || ports.Count == 0)
        {
            return [];
        }

        var ordered = ports.DistinctBy(port => port.Port).OrderBy(port => port.Port).ToList();
        var all = string.Join(", ", ordered.Select(port => port.Port.ToString(CultureInfo.InvariantCulture)));
        return
        [
            // Before the translation, which has the priority -100, and after connections are known, at -200.
            $"{Indent}chain requests {{",
            $"{Indent}{Indent}type filter hook prerouting priority -150; policy accept;",
            .. doors.Select(door => $"{Indent}{Indent}iifname {Quoted(door.Bridge)} ip daddr {door.Machine} tcp dport {{ {all} }} goto within"),
            $"{Indent}}}",
            $"{Indent}chain translation {{",
            $"{Indent}{Indent}type nat hook prerouting priority -100; policy accept;",
            .. from door in doors
               from port in ordered
               select string.Create(
                   CultureInfo.InvariantCulture, $"{Indent}{Indent}iifname {Quoted(door.Bridge)} ip daddr {door.Machine} tcp dport {port.Port} dnat ip to 127.0.0.1:{port.Target}"),
            $"{Indent}}}",
        ];
    }

    /// <summary>Takes the table away, whether it is there or not.</summary>
    public static string Removal(string table) => $"table inet {table} {{\n}}\ndelete table inet {table}\n";

    private static string Quoted(string name) => $"\"{name}\"";
}
