using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on security groups; those on their rules are in <see cref="SecurityGroupRuleApi"/>.</summary>
internal sealed class SecurityGroupApi(Ec2Calls calls)
{
    private const int MaxTextLength = 255;

    private static readonly Ec2Description<SecurityGroupRecord> _description = new(
        "SecurityGroups",
        "GroupIds",
        new Ec2Filters<SecurityGroupRecord>()
            .On("group-id", group => group.Id)
            .On("group-name", group => group.Name)
            .On("vpc-id", group => group.VpcId)
            .On("description", group => group.Description)
            .OnEach("ip-permission.cidr", (map, group) => Permissions(map, group, isEgress: false).Select(rule => rule.Peer.Cidr))
            .OnEach("ip-permission.group-id", (map, group) => Permissions(map, group, isEgress: false).Select(rule => rule.Peer.GroupId))
            .OnEach("ip-permission.protocol", (map, group) => Permissions(map, group, isEgress: false).Select(rule => rule.Protocol))
            .OnEach("ip-permission.from-port", (map, group) => Permissions(map, group, isEgress: false).Select(rule => rule.FromPort?.ToString(null, null)))
            .OnEach("ip-permission.to-port", (map, group) => Permissions(map, group, isEgress: false).Select(rule => rule.ToPort?.ToString(null, null)))
            .OnEach("egress.ip-permission.cidr", (map, group) => Permissions(map, group, isEgress: true).Select(rule => rule.Peer.Cidr))
            .OnEach("egress.ip-permission.group-id", (map, group) => Permissions(map, group, isEgress: true).Select(rule => rule.Peer.GroupId))
            .OnEach("egress.ip-permission.protocol", (map, group) => Permissions(map, group, isEgress: true).Select(rule => rule.Protocol)),
        Render);

    public void Register(ApiService api) => api
        .Handle("CreateSecurityGroup", calls.Change(Create))
        .Handle("DeleteSecurityGroup", calls.Change(Delete))
        .Handle("DescribeSecurityGroups", calls.Query(Describe));

    /// <summary>A group and its rules.</summary>
    public static void Remove(NetworkEdit edit, SecurityGroupRecord group)
    {
        foreach (var rule in edit.Map.RulesOf(group.Id))
        {
            edit.Remove(rule);
        }

        edit.Remove(group);
    }

    /// <summary>By id; by name only in the default VPC.</summary>
    public static SecurityGroupRecord Find(NetworkMap map, JsonObject input)
    {
        if (input.Text("GroupId") is { } id)
        {
            return map.Get<SecurityGroupRecord>(id);
        }

        var name = input.Text("GroupName") ?? throw Ec2Errors.Missing("groupName or groupId");
        return (map.DefaultVpc is { } vpc ? map.GroupsOf(vpc.Id).FirstOrDefault(group => group.Name == name) : null)
            ?? throw new ApiException("InvalidGroup.NotFound", $"The security group '{Excerpt.Of(name)}' does not exist in default VPC");
    }

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        var vpc = edit.Map.VpcOrDefault(call.Input);
        var (name, description) = (call.Input.Text("GroupName")!, call.Input.Text("Description")!);
        if (name.StartsWith("sg-", StringComparison.OrdinalIgnoreCase))
        {
            throw Ec2Errors.Invalid($"Value ({Excerpt.Of(name)}) for parameter GroupName is invalid. Group names may not be in the format sg-*.");
        }

        if (name == SecurityGroupRecord.DefaultName)
        {
            throw Ec2Errors.Invalid("Cannot use reserved security group name: default");
        }

        CheckText("GroupName", name);
        CheckText("GroupDescription", description);
        if (edit.Map.GroupsOf(vpc.Id).Any(group => group.Name == name))
        {
            throw new ApiException("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc.Id}'");
        }

        if (edit.Map.GroupsOf(vpc.Id).Count() >= Ec2Quotas.GroupsPerVpc)
        {
            throw Ec2Errors.Limit("SecurityGroup", "The maximum number of security groups for this VPC has been reached.");
        }

        var group = edit.Put(new SecurityGroupRecord
        {
            Id = NetworkIds.Of("sg"),
            CreatedAt = edit.Now,
            VpcId = vpc.Id,
            Name = name,
            Description = description,
            Tags = Ec2Tags.Specified(call.Input, "security-group"),
        });
        edit.Put(DefaultNetwork.AllOut(group, NetworkIds.Of, edit.Now));
        return new JsonObject
        {
            ["GroupId"] = group.Id,
            ["SecurityGroupArn"] = Ec2Arns.Of(call, "security-group", group.Id),
            ["Tags"] = Ec2Tags.Render(group.Tags),
        };
    }

    /// <summary>EC2's own alphabet.</summary>
    private static void CheckText(string parameter, string text)
    {
        if (text.Length is 0 or > MaxTextLength || !text.All(character => char.IsAsciiLetterOrDigit(character) || " ._-:/()#,@[]+=&;{}!$*".Contains(character, StringComparison.Ordinal)))
        {
            throw Ec2Errors.Invalid(
                $"Value ({Excerpt.Of(text)}) for parameter {parameter} is invalid. Character sets beyond ASCII are not supported: use at most {MaxTextLength} of a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{{}}!$*");
        }
    }

    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var map = edit.Map;
        var group = Find(map, call.Input);
        if (group.IsDefault)
        {
            throw new ApiException("CannotDelete", $"the specified group: \"{group.Id}\" name: \"{group.Name}\" cannot be deleted by a user");
        }

        if (map.All<SecurityGroupRuleRecord>().Any(rule => rule.GroupId != group.Id && rule.Permission.Peer.GroupId == group.Id)
            || map.All<VpcEndpointRecord>().Any(endpoint => endpoint.GroupIds.Contains(group.Id))
            || map.All<VpcConnectorRecord>().Any(connector => connector.IsActive && connector.GroupIds.Contains(group.Id)))
        {
            throw Ec2Errors.Dependency($"resource {group.Id} has a dependent object");
        }

        Remove(edit, group);
        return new JsonObject { ["Return"] = true, ["GroupId"] = group.Id };
    }

    private static JsonObject Describe(ApiCall call, NetworkMap map)
    {
        var names = call.Input.Texts("GroupNames") ?? [];
        return names.Count == 0
            ? _description.Answer(call, map)
            : _description.Answer(call, map, names.Select(name => Find(map, new JsonObject { ["GroupName"] = name })).OrderBy(group => group.Id, StringComparer.Ordinal));
    }

    private static IEnumerable<SecurityGroupPermission> Permissions(NetworkMap map, SecurityGroupRecord group, bool isEgress) =>
        map.RulesOf(group.Id).Where(rule => rule.IsEgress == isEgress).Select(rule => rule.Permission);

    private static JsonObject Render(ApiCall call, NetworkMap map, SecurityGroupRecord group) => new()
    {
        ["GroupId"] = group.Id,
        ["GroupName"] = group.Name,
        ["Description"] = group.Description,
        ["VpcId"] = group.VpcId,
        ["OwnerId"] = call.Account,
        ["SecurityGroupArn"] = Ec2Arns.Of(call, "security-group", group.Id),
        ["IpPermissions"] = PermissionAnswers.Grouped(call, map.RulesOf(group.Id).Where(rule => !rule.IsEgress)),
        ["IpPermissionsEgress"] = PermissionAnswers.Grouped(call, map.RulesOf(group.Id).Where(rule => rule.IsEgress)),
        ["Tags"] = Ec2Tags.Render(group.Tags),
    };
}
