using System.Text.RegularExpressions;
using Sanbashi.Domain.Networks;

namespace Sanbashi.Domain.Tests.Networks;

/// <summary>One VPC (10.0.0.0/16, really 10.213.4.0/22) with two subnets, and a reader of the filter's text that follows a packet through it.</summary>
internal static partial class FilterLab
{
    public const string Vpc = "vpc-0123456789abcdef0";
    public const string Open = "subnet-open";
    public const string Isolated = "subnet-isolated";
    public const string Bridge = "sv0123456789abc";

    public static NetworkPlace Place { get; } = new(Vpc, Bridge, Ipv4Block.Parse("10.213.4.0/22"));

    public static NetworkDesign Design(params GroupDesign[] groups) => new(
    [
        new VpcDesign(
            Vpc,
            Ipv4Block.Parse("10.0.0.0/16"),
            [
                new SubnetDesign(Open, Ipv4Block.Parse("10.0.1.0/24"), [new RouteDesign(Ipv4Block.Parse("192.0.2.0/24"), false), new RouteDesign(Ipv4Block.Parse("0.0.0.0/0"), true)]),
                new SubnetDesign(Isolated, Ipv4Block.Parse("10.0.2.0/24"), []),
            ],
            groups),
    ]);

    public static SecurityGroupPermission To(string protocol, int? from, int? to, string peer) => new(
        protocol, from, to, peer.StartsWith("sg-", StringComparison.Ordinal) ? new SecurityGroupPeer { GroupId = peer } : new SecurityGroupPeer { Cidr = peer });

    public static VpcMember Member(int host, string subnet, bool isReachable, params string[] groups) => new(Vpc, Place.Block.First + (uint)host, subnet, groups, isReachable);

    public static string Render(NetworkDesign design, params VpcMember[] members) => PacketFilter.Render("sanbashi_test_vpc", design, [Place], members, [new GatewayPort(80, 8080), new GatewayPort(8080, 8080)], ["sbtest"]);

    /// <summary>Whether a new TCP connection gets through.</summary>
    public static bool Passes(string text, uint from, uint to, int port)
    {
        var isWithin = Place.Block.Overlaps(new Ipv4Block(to, 32));
        return isWithin ? Walk(text, "within", from, to, port) == "accept" : Walk(text, "leaving", from, to, port) == "accept";
    }

    /// <summary>The verdict of a chain; null when it only returns.</summary>
    private static string? Walk(string text, string chain, uint from, uint to, int port)
    {
        foreach (var rule in Block(text, $"chain {chain}"))
        {
            var left = rule;
            if (left.StartsWith("ct ", StringComparison.Ordinal) || left.StartsWith("oifname", StringComparison.Ordinal) || left.StartsWith("iifname", StringComparison.Ordinal))
            {
                continue;
            }

            var matches = true;
            while (Address().Match(left) is { Success: true } address)
            {
                var value = address.Groups["side"].Value == "s" ? from : to;
                matches &= address.Groups["set"].Value.Trim('{', '}', ' ').Split(", ").Any(item => Ipv4Block.Parse(item.Contains('/') ? item : $"{item}/32").Overlaps(new Ipv4Block(value, 32)));
                left = left[address.Length..].TrimStart();
            }

            if (Lookup().Match(left) is { Success: true } lookup)
            {
                var key = Ipv4Block.AddressOf(lookup.Groups["side"].Value == "s" ? from : to).ToString();
                left = Elements(text, lookup.Groups["map"].Value).GetValueOrDefault(key) ?? "";
            }

            if (Ports().Match(left) is { Success: true } ports)
            {
                var first = int.Parse(ports.Groups["from"].Value, null);
                var last = ports.Groups["to"].Success ? int.Parse(ports.Groups["to"].Value, null) : first;
                matches &= ports.Groups["protocol"].Value == "tcp" && port >= first && port <= last;
                left = left[ports.Length..].TrimStart();
            }

            if (Protocol().Match(left) is { Success: true } protocol)
            {
                matches &= protocol.Groups["protocol"].Value == "tcp";
                left = left[protocol.Length..].TrimStart();
            }

            if (!matches || left.Length == 0)
            {
                continue;
            }

            switch (left.Split(' '))
            {
                case ["accept" or "drop" or "reject", ..]:
                    return left.Split(' ')[0];
                case ["return"]:
                    return null;
                case ["goto", var next]:
                    return Walk(text, next, from, to, port);
                case ["jump", var next] when Walk(text, next, from, to, port) is { } verdict:
                    return verdict;
                case ["jump", _]:
                    break;
                default:
                    throw new InvalidOperationException($"'{rule}' is not understood at '{left}'.");
            }
        }

        return null;
    }

    private static IEnumerable<string> Block(string text, string name) =>
        text.Split('\n').Select(line => line.Trim()).SkipWhile(line => line != $"{name} {{").Skip(1).TakeWhile(line => line != "}");

    private static Dictionary<string, string> Elements(string text, string map) =>
        Block(text, $"map {map}").Where(line => line.StartsWith("elements", StringComparison.Ordinal))
            .SelectMany(line => line["elements = {".Length..^1].Split(',', StringSplitOptions.TrimEntries))
            .ToDictionary(element => element.Split(" : ")[0], element => element.Split(" : ")[1]);

    [GeneratedRegex(@"^ip (?<side>[sd])addr (?<set>\{[^}]*\}|\d\S*)")]
    private static partial Regex Address();

    [GeneratedRegex(@"^ip (?<side>[sd])addr vmap @(?<map>\S+)")]
    private static partial Regex Lookup();

    [GeneratedRegex(@"^(?<protocol>tcp|udp) dport (?<from>\d+)(-(?<to>\d+))?")]
    private static partial Regex Ports();

    [GeneratedRegex(@"^meta l4proto (?<protocol>\S+)")]
    private static partial Regex Protocol();
}
