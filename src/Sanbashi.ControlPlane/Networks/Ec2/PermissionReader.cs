using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>Reads the rules of a call, which has them in lists (<c>IpPermissions</c>) or one in members of its own.</summary>
internal static class PermissionReader
{
    private const int MaxPort = 65535;

    /// <summary>Numbers that have a name.</summary>
    private static readonly FrozenDictionary<string, string> _names = new Dictionary<string, string>
    {
        ["1"] = "icmp",
        ["6"] = "tcp",
        ["17"] = "udp",
        ["58"] = "icmpv6",
        ["all"] = SecurityGroupPermission.AnyProtocol,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <returns>Each with its description.</returns>
    /// <exception cref="Wire.ApiException">A rule makes no sense, or names a group that is not there.</exception>
    public static IReadOnlyList<(SecurityGroupPermission Permission, string? Description)> Read(NetworkMap map, SecurityGroupRecord group, JsonObject input)
    {
        var lists = input.Objects("IpPermissions") ?? [];
        var isSingle = input.Text("IpProtocol") is not null || input.Text("CidrIp") is not null || input.Text("SourceSecurityGroupName") is not null;
        if (lists.Count > 0 && isSingle)
        {
            throw Ec2Errors.Combination("The parameter 'ipPermissions' may not be used in combination with 'ipProtocol'");
        }

        return isSingle ? [(Single(map, group, input), null)] : [.. lists.SelectMany(permission => Each(map, group, permission)).DistinctBy(rule => rule.Item1)];
    }

    private static SecurityGroupPermission Single(NetworkMap map, SecurityGroupRecord group, JsonObject input)
    {
        // A group alone means all of its traffic.
        var peer = input.Text("SourceSecurityGroupName") is { } name
            ? new SecurityGroupPeer { GroupId = ByName(map, group, name) }
            : new SecurityGroupPeer { Cidr = Block(input.Text("CidrIp") ?? throw Ec2Errors.Missing("CidrIp")) };
        return Permission(input, peer, input.Text("IpProtocol") ?? SecurityGroupPermission.AnyProtocol);
    }

    private static IEnumerable<(SecurityGroupPermission, string?)> Each(NetworkMap map, SecurityGroupRecord group, JsonObject permission)
    {
        var protocol = permission.Text("IpProtocol") ?? throw Ec2Errors.Missing("ipProtocol");
        if (permission.Objects("PrefixListIds") is { Count: > 0 })
        {
            throw Ec2Errors.Unsupported("There are no prefix lists here. Give the CIDR blocks themselves.");
        }

        foreach (var range in permission.Objects("IpRanges") ?? [])
        {
            yield return (Permission(permission, new SecurityGroupPeer { Cidr = Block(range.Text("CidrIp") ?? throw Ec2Errors.Missing("CidrIp")) }, protocol), range.Text("Description"));
        }

        foreach (var range in permission.Objects("Ipv6Ranges") ?? [])
        {
            yield return (Permission(permission, new SecurityGroupPeer { Cidr6 = Block6(range.Text("CidrIpv6") ?? throw Ec2Errors.Missing("CidrIpv6")) }, protocol), range.Text("Description"));
        }

        foreach (var pair in permission.Objects("UserIdGroupPairs") ?? [])
        {
            var peer = pair.Text("GroupId") is { } id ? map.Get<SecurityGroupRecord>(id).Id : ByName(map, group, pair.Text("GroupName") ?? throw Ec2Errors.Missing("groupId"));
            if (map.Get<SecurityGroupRecord>(peer).VpcId != group.VpcId)
            {
                throw new Wire.ApiException("InvalidGroup.NotFound", $"You have specified two resources that belong to different networks.");
            }

            yield return (Permission(permission, new SecurityGroupPeer { GroupId = peer }, protocol), pair.Text("Description"));
        }
    }

    private static string ByName(NetworkMap map, SecurityGroupRecord group, string name) =>
        map.GroupsOf(group.VpcId).FirstOrDefault(other => other.Name == name)?.Id
        ?? throw new Wire.ApiException("InvalidGroup.NotFound", $"The security group '{Excerpt.Of(name)}' does not exist");

    private static SecurityGroupPermission Permission(JsonObject input, SecurityGroupPeer peer, string text)
    {
        var protocol = _names.GetValueOrDefault(text.ToLowerInvariant(), text.ToLowerInvariant());
        var (from, to) = (input.Integer("FromPort"), input.Integer("ToPort"));
        switch (protocol)
        {
            case SecurityGroupPermission.AnyProtocol:
                return new SecurityGroupPermission(protocol, null, null, peer);
            case "tcp" or "udp":
                // -1 for both means all.
                if (from == -1 && to is -1 or null)
                {
                    (from, to) = (0, MaxPort);
                }

                if (from is not (>= 0 and <= MaxPort) || to is not (>= 0 and <= MaxPort) || from > to)
                {
                    throw Ec2Errors.Invalid($"Invalid value for portRange. Must specify both from and to ports with TCP/UDP, between 0 and {MaxPort}, the first one not above the last.");
                }

                return new SecurityGroupPermission(protocol, from, to, peer);
            case "icmp" or "icmpv6":
                return from is >= -1 and <= 255 or null && to is >= -1 and <= 255 or null
                    ? new SecurityGroupPermission(protocol, from ?? -1, to ?? -1, peer)
                    : throw Ec2Errors.Invalid("ICMP type and code must be between -1 and 255, where -1 means each.");
            default:
                return int.TryParse(protocol, out var number) && number is >= 0 and <= 255
                    ? new SecurityGroupPermission(number.ToString(System.Globalization.CultureInfo.InvariantCulture), null, null, peer)
                    : throw new Wire.ApiException("InvalidPermission.Malformed", $"Unsupported IP protocol \"{Excerpt.Of(text)}\" - supported: [tcp, udp, icmp, icmpv6, a number, -1]");
        }
    }

    private static string Block(string text) => AddressPlan.Read(text) is { } block && block.First == Ipv4Block.Number(IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]))
        ? block.ToString()
        : throw Ec2Errors.Invalid($"CIDR block {Excerpt.Of(text)} is malformed");

    private static string Block6(string text) =>
        IPNetwork.TryParse(text, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6
            ? network.ToString()
            : throw Ec2Errors.Invalid($"CIDR block {Excerpt.Of(text)} is malformed");
}
