using System.Globalization;

namespace Sanbashi.Domain.Networks;

/// <summary>
/// The text of the nft table that holds VPCs apart and their security groups' rules. The same input gives the same text, in whatever order it comes.
/// 1. Packets from a bridge of ours pass <c>leaving</c>: answers go through; within the VPC the sender's groups decide (<c>out</c> within), then the receiver's (<c>in</c>);
///    to other networks of this machine nothing goes; to the rest of the world the subnet's routes decide (<c>reach</c>), then the sender's groups (<c>out</c>).
/// 2. Packets to a bridge of ours from anywhere else pass only as answers. What this machine itself sends, the gateway's requests above all, is not forwarded and so not asked.
/// 3. Of the machine itself members reach the name server.
/// Every packet that is not an answer is decided anew, so that a rule that is revoked also ends what it had let through.
/// </summary>
public static class PacketFilter
{
    /// <summary>Before the engines' own chains (priority filter is 0): an accept here leaves the packet to them, a drop is final.</summary>
    private const int Priority = -10;

    private const string Indent = "    ";

    /// <param name="places">Those that exist; a VPC without one is left out.</param>
    /// <param name="otherBridges">Networks of this installation that members must not reach.</param>
    public static string Render(
        string table, NetworkDesign design, IReadOnlyCollection<NetworkPlace> places, IReadOnlyCollection<VpcMember> members, IReadOnlyCollection<string> otherBridges)
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

        var bridges = places.Select(place => place.Bridge).Order(StringComparer.Ordinal).ToList();
        var ours = $"{{ {string.Join(", ", bridges.Select(Quoted))} }}";
        var forbidden = $"{{ {string.Join(", ", bridges.Concat(otherBridges).Order(StringComparer.Ordinal).Select(Quoted))} }}";
        var same = $"{{ {string.Join(", ", bridges.Select(bridge => $"{Quoted(bridge)} . {Quoted(bridge)}"))} }}";
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

    /// <summary>Takes the table away, whether it is there or not.</summary>
    public static string Removal(string table) => $"table inet {table} {{\n}}\ndelete table inet {table}\n";

    private static string Quoted(string name) => $"\"{name}\"";
}
