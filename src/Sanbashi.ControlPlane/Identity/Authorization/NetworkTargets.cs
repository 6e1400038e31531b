using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>What EC2's operations are about: something new of a kind, and whatever their input names by id. Operations that list are about everything.</summary>
internal static class NetworkTargets
{
    /// <summary>Members that name something, in the order in which it counts.</summary>
    private static readonly string[] _members =
    [
        "RouteTableId", "InternetGatewayId", "NatGatewayId", "GroupId", "SubnetId", "VpcId", "SubnetIds", "SecurityGroupIds", "VpcEndpointIds", "Resources",
    ];

    /// <summary>The kinds in ARNs, by what ids begin with.</summary>
    private static readonly FrozenDictionary<string, string> _kinds = new Dictionary<string, string>
    {
        ["vpc"] = "vpc",
        ["subnet"] = "subnet",
        ["sg"] = "security-group",
        ["sgr"] = "security-group-rule",
        ["rtb"] = "route-table",
        ["igw"] = "internet-gateway",
        ["nat"] = "natgateway",
        ["vpce"] = "vpc-endpoint",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> _created = new Dictionary<string, string>
    {
        ["CreateVpc"] = "vpc",
        ["CreateSubnet"] = "subnet",
        ["CreateSecurityGroup"] = "security-group",
        ["CreateRouteTable"] = "route-table",
        ["CreateInternetGateway"] = "internet-gateway",
        ["CreateNatGateway"] = "natgateway",
        ["CreateVpcEndpoint"] = "vpc-endpoint",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is new comes first.</summary>
    public static IReadOnlyList<string> Of(ApiCall call)
    {
        // Groups may be named in the default VPC, and associations are about a table that the call does not name.
        var resources = call.Operation switch
        {
            _ when _created.TryGetValue(call.Operation, out var kind) => [Arn(call, kind, "*"), .. Named(call)],
            _ when call.Input.Text("GroupName") is not null => [Arn(call, "security-group", "*")],
            "DisassociateRouteTable" => [Arn(call, "route-table", "*")],
            _ => Named(call).ToList(),
        };
        return resources.Count > 0 ? resources : [CallTarget.Anything];
    }

    /// <summary>Tags that something is born with take the permission for tags as well.</summary>
    public static bool HasTags(ApiCall call) => call.Operation != "CreateTags" && call.Input.Objects("TagSpecifications") is { Count: > 0 };

    private static IEnumerable<string> Named(ApiCall call) =>
        from member in _members
        from id in call.Input[member] switch
        {
            JsonArray list => list.OfType<JsonValue>().Select(value => value.GetValue<string>()),
            JsonValue value => [value.GetValue<string>()],
            _ => [],
        }
        select Arn(call, _kinds.GetValueOrDefault(id[..Math.Max(id.IndexOf('-', StringComparison.Ordinal), 0)], "*"), id);

    private static string Arn(ApiCall call, string kind, string id) => $"arn:aws:ec2:{call.Region}:{call.Account}:{kind}/{id}";
}
