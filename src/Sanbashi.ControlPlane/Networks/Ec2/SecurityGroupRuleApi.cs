using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on the rules of security groups.</summary>
internal sealed class SecurityGroupRuleApi(Ec2Calls calls)
{
    private static readonly Ec2Description<SecurityGroupRuleRecord> _description = new(
        "SecurityGroupRules",
        "SecurityGroupRuleIds",
        new Ec2Filters<SecurityGroupRuleRecord>()
            .On("security-group-rule-id", rule => rule.Id)
            .On("group-id", rule => rule.GroupId),
        PermissionAnswers.Rule);

    public void Register(ApiService api) => api
        .Handle("AuthorizeSecurityGroupIngress", calls.Change((call, edit) => Authorize(call, edit, isEgress: false)))
        .Handle("AuthorizeSecurityGroupEgress", calls.Change((call, edit) => Authorize(call, edit, isEgress: true)))
        .Handle("RevokeSecurityGroupIngress", calls.Change((call, edit) => Revoke(call, edit, isEgress: false)))
        .Handle("RevokeSecurityGroupEgress", calls.Change((call, edit) => Revoke(call, edit, isEgress: true)))
        .Handle("DescribeSecurityGroupRules", calls.Query(_description.Answer));

    private static JsonObject Authorize(ApiCall call, NetworkEdit edit, bool isEgress)
    {
        var group = SecurityGroupApi.Find(edit.Map, call.Input);
        var given = PermissionReader.Read(edit.Map, group, call.Input);
        if (given.Count == 0)
        {
            throw Ec2Errors.Missing("ipPermissions");
        }

        var present = edit.Map.RulesOf(group.Id).Where(rule => rule.IsEgress == isEgress).ToList();
        var tags = Ec2Tags.Specified(call.Input, "security-group-rule");
        if (given.FirstOrDefault(rule => present.Exists(other => other.Permission == rule.Permission)) is { Permission: { } twice })
        {
            throw new ApiException("InvalidPermission.Duplicate", $"the specified rule \"{Text(twice)}\" already exists");
        }

        if (present.Count + given.Count > Ec2Quotas.RulesPerGroup)
        {
            throw new ApiException("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
        }

        var rules = given.Select(rule => edit.Put(new SecurityGroupRuleRecord
        {
            Id = NetworkIds.Of("sgr"),
            CreatedAt = edit.Now,
            GroupId = group.Id,
            IsEgress = isEgress,
            Permission = rule.Permission,
            Description = rule.Description,
            Tags = tags,
        })).ToList();
        return new JsonObject { ["Return"] = true, ["SecurityGroupRules"] = ApiOutput.List(rules.Select(rule => PermissionAnswers.Rule(call, edit.Map, rule))) };
    }

    /// <summary>By their ids or by what they allow; nothing is revoked unless all are there.</summary>
    private static JsonObject Revoke(ApiCall call, NetworkEdit edit, bool isEgress)
    {
        var group = SecurityGroupApi.Find(edit.Map, call.Input);
        var present = edit.Map.RulesOf(group.Id).Where(rule => rule.IsEgress == isEgress).ToList();
        var revoked = call.Input.Texts("SecurityGroupRuleIds") is { Count: > 0 } ids
            ? ids.Distinct(StringComparer.Ordinal).Select(id => present.Find(rule => rule.Id == id) ?? throw Ec2Errors.NotFound(id)).ToList()
            : PermissionReader.Read(edit.Map, group, call.Input)
                .Select(given => present.Find(rule => rule.Permission == given.Permission)
                    ?? throw new ApiException("InvalidPermission.NotFound", "The specified rule does not exist in this security group."))
                .ToList();
        if (revoked.Count == 0)
        {
            throw Ec2Errors.Missing("ipPermissions");
        }

        foreach (var rule in revoked)
        {
            edit.Remove(rule);
        }

        return new JsonObject { ["Return"] = true, ["RevokedSecurityGroupRules"] = ApiOutput.List(revoked.Select(PermissionAnswers.Revoked)) };
    }

    private static string Text(SecurityGroupPermission permission)
    {
        var protocol = permission.Protocol == SecurityGroupPermission.AnyProtocol ? "ALL" : permission.Protocol.ToUpperInvariant();
        var ports = permission.FromPort is { } from ? $", from port: {from}, to port: {permission.ToPort}" : "";
        return $"peer: {permission.Peer}, {protocol}{ports}, ALLOW";
    }
}
