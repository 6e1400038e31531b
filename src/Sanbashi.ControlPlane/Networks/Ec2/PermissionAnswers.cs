using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>Rules as EC2 shows them: one by one, or those of the same protocol and ports together.</summary>
internal static class PermissionAnswers
{
    public static JsonArray Grouped(ApiCall call, IEnumerable<SecurityGroupRuleRecord> rules) => ApiOutput.List(rules
        .GroupBy(rule => (rule.Permission.Protocol, rule.Permission.FromPort, rule.Permission.ToPort))
        .OrderBy(group => group.Key.Protocol, StringComparer.Ordinal).ThenBy(group => group.Key.FromPort).ThenBy(group => group.Key.ToPort)
        .Select(group => Permission(call, group.Key.Protocol, group.Key.FromPort, group.Key.ToPort, [.. group])));

    public static JsonObject Rule(ApiCall call, NetworkMap map, SecurityGroupRuleRecord rule)
    {
        var output = Common(rule);
        output["GroupOwnerId"] = call.Account;
        output["SecurityGroupRuleArn"] = Ec2Arns.Of(call, "security-group-rule", rule.Id);
        output["Tags"] = Ec2Tags.Render(rule.Tags);
        if (rule.Permission.Peer.GroupId is { } peer)
        {
            output["ReferencedGroupInfo"] = new JsonObject { ["GroupId"] = peer, ["UserId"] = call.Account, ["VpcId"] = map.Find<SecurityGroupRecord>(peer)?.VpcId };
        }

        return output;
    }

    public static JsonObject Revoked(SecurityGroupRuleRecord rule)
    {
        var output = Common(rule);
        output["ReferencedGroupId"] = rule.Permission.Peer.GroupId;
        return output;
    }

    /// <summary>Both ports are shown as -1 where a rule has none.</summary>
    private static JsonObject Common(SecurityGroupRuleRecord rule) => new()
    {
        ["SecurityGroupRuleId"] = rule.Id,
        ["GroupId"] = rule.GroupId,
        ["IsEgress"] = rule.IsEgress,
        ["IpProtocol"] = rule.Permission.Protocol,
        ["FromPort"] = rule.Permission.FromPort ?? -1,
        ["ToPort"] = rule.Permission.ToPort ?? -1,
        ["CidrIpv4"] = rule.Permission.Peer.Cidr,
        ["CidrIpv6"] = rule.Permission.Peer.Cidr6,
        ["Description"] = rule.Description,
    };

    private static JsonObject Permission(ApiCall call, string protocol, int? from, int? to, IReadOnlyList<SecurityGroupRuleRecord> rules) => new()
    {
        ["IpProtocol"] = protocol,
        ["FromPort"] = from,
        ["ToPort"] = to,
        ["IpRanges"] = ApiOutput.List(rules
            .Where(rule => rule.Permission.Peer.Cidr is not null)
            .Select(rule => new JsonObject { ["CidrIp"] = rule.Permission.Peer.Cidr, ["Description"] = rule.Description })),
        ["Ipv6Ranges"] = ApiOutput.List(rules
            .Where(rule => rule.Permission.Peer.Cidr6 is not null)
            .Select(rule => new JsonObject { ["CidrIpv6"] = rule.Permission.Peer.Cidr6, ["Description"] = rule.Description })),
        ["PrefixListIds"] = new JsonArray(),
        ["UserIdGroupPairs"] = ApiOutput.List(rules
            .Where(rule => rule.Permission.Peer.GroupId is not null)
            .Select(rule => new JsonObject { ["GroupId"] = rule.Permission.Peer.GroupId, ["UserId"] = call.Account, ["Description"] = rule.Description })),
    };
}
