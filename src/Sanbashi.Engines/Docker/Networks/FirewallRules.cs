using System.Globalization;
using System.Net;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>
/// The text of our nft tables. Instances reach each other never, the cloud host's metadata never, and of this machine only DNS, the platform's ports and what
/// is at their endpoint's address. A table of our own: engines rewrite theirs, and a drop in any table is final.
/// </summary>
internal static class FirewallRules
{
    /// <summary>Before the engines' own chains (priority filter is 0).</summary>
    private const int Priority = -10;

    /// <summary>
    /// Replaces the routed part in one transaction, whether it exists or not. What instances send to the platform's ports on this machine's address in
    /// their network is led to the loopback address, where the platform listens; so is what they send to the endpoint's address, which is no interface's: it
    /// comes by their default route, with the address of the instance as its source.
    /// </summary>
    public static string Routed(string table, string bridge, IPAddress gateway, IReadOnlyList<int> platformPorts, int? endpointPort)
    {
        var led = platformPorts.Count == 0 ? "" : $"iifname \"{bridge}\" ip daddr {gateway} tcp dport {{ {Ports(platformPorts)} }} dnat ip to 127.0.0.1";
        var endpoint = endpointPort is not { } port
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"iifname \"{bridge}\" ip daddr {PlatformVariables.EndpointAddress} tcp dport 80 dnat ip to 127.0.0.1:{port}");
        var ports = Ports([53, .. platformPorts, .. endpointPort is { } own ? [own] : Array.Empty<int>()]);
        return $$"""
            table inet {{table}} {
            }
            delete table inet {{table}}
            table inet {{table}} {
                chain input {
                    type filter hook input priority {{Priority}}; policy accept;
                    iifname "{{bridge}}" jump from_instances
                }
                chain from_instances {
                    ct state established,related accept
                    udp dport 53 accept
                    tcp dport { {{ports}} } accept
                    drop
                }
                chain forward {
                    type filter hook forward priority {{Priority}}; policy accept;
                    iifname "{{bridge}}" oifname "{{bridge}}" drop
                    iifname "{{bridge}}" ip daddr 169.254.169.254 drop
                    iifname "{{bridge}}" ip6 daddr fd00:ec2::254 drop
                }
                chain prerouting {
                    type nat hook prerouting priority dstnat; policy accept;
                    {{led}}
                    {{endpoint}}
                }
            }

            """;
    }

    /// <summary>Traffic that a bridge carries from port to port passes the routed part only where the kernel is told so; this part sees it always.</summary>
    /// <param name="matchesBridgeName">Whether the kernel can match the bridge itself; else IPv4 packets within the subnet are matched.</param>
    public static string Bridged(string table, string bridge, Ipv4Block subnet, bool matchesBridgeName)
    {
        var match = matchesBridgeName ? $"meta ibrname \"{bridge}\"" : $"ip saddr {subnet} ip daddr {subnet}";
        return $$"""
            table bridge {{table}} {
            }
            delete table bridge {{table}}
            table bridge {{table}} {
                chain forward {
                    type filter hook forward priority {{Priority}}; policy accept;
                    {{match}} drop
                }
            }

            """;
    }

    private static string Ports(IEnumerable<int> ports) => string.Join(", ", ports.Distinct().Order().Select(port => port.ToString(CultureInfo.InvariantCulture)));

    public static string Removal(string table) =>
        $$"""
        table inet {{table}} {
        }
        delete table inet {{table}}
        table bridge {{table}} {
        }
        delete table bridge {{table}}

        """;
}
