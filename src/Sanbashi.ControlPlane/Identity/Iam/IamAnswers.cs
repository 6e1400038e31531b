using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>Identities as answers show them.</summary>
internal sealed class IamAnswers(string account)
{
    public JsonObject User(UserRecord user) => new()
    {
        ["Path"] = user.Path,
        ["UserName"] = user.Name,
        ["UserId"] = user.Id,
        ["Arn"] = user.Arn(account),
        ["CreateDate"] = ApiOutput.Timestamp(user.CreatedAt),
        ["PermissionsBoundary"] = Boundary(user),
        ["Tags"] = Tags(user),
    };

    public JsonObject Group(GroupRecord group) => new()
    {
        ["Path"] = group.Path,
        ["GroupName"] = group.Name,
        ["GroupId"] = group.Id,
        ["Arn"] = group.Arn(account),
        ["CreateDate"] = ApiOutput.Timestamp(group.CreatedAt),
    };

    public JsonObject Role(RoleRecord role) => new()
    {
        ["Path"] = role.Path,
        ["RoleName"] = role.Name,
        ["RoleId"] = role.Id,
        ["Arn"] = role.Arn(account),
        ["CreateDate"] = ApiOutput.Timestamp(role.CreatedAt),
        ["AssumeRolePolicyDocument"] = Encoded(role.TrustPolicy),
        ["Description"] = role.Description,
        ["MaxSessionDuration"] = role.MaxSessionSeconds,
        ["PermissionsBoundary"] = Boundary(role),
        ["Tags"] = Tags(role),
    };

    public JsonObject Policy(IdentitySnapshot snapshot, ManagedPolicyRecord policy)
    {
        var arn = policy.Arn(ManagedPolicies.IsOne(policy) ? ManagedPolicies.Account : account);
        return new JsonObject
        {
            ["PolicyName"] = policy.Name,
            ["PolicyId"] = policy.Id,
            ["Arn"] = arn,
            ["Path"] = policy.Path,
            ["DefaultVersionId"] = PolicyVersionRecord.IdOf(policy.DefaultVersion),
            ["AttachmentCount"] = snapshot.Holders.Count(holder => holder.AttachedPolicies.Contains(arn)),
            ["PermissionsBoundaryUsageCount"] = snapshot.Holders.Count(holder => holder.BoundaryArn == arn),
            ["IsAttachable"] = true,
            ["Description"] = policy.Description,
            ["CreateDate"] = ApiOutput.Timestamp(policy.CreatedAt),
            ["UpdateDate"] = ApiOutput.Timestamp(policy.UpdatedAt),
            ["Tags"] = policy.Tags.Count == 0 ? null : IamTags.Render(policy.Tags),
        };
    }

    public static JsonObject Version(ManagedPolicyRecord policy, PolicyVersionRecord version, bool withText) => new()
    {
        ["VersionId"] = PolicyVersionRecord.IdOf(version.Number),
        ["IsDefaultVersion"] = version.Number == policy.DefaultVersion,
        ["CreateDate"] = ApiOutput.Timestamp(version.CreatedAt),
        ["Document"] = withText ? Encoded(version.Text) : null,
    };

    /// <summary>Policies travel percent-encoded in answers, which clients undo.</summary>
    public static string Encoded(string text) => Uri.EscapeDataString(text);

    private static JsonObject? Boundary(PolicyHolder holder) => holder.BoundaryArn is { } arn
        ? new JsonObject { ["PermissionsBoundaryType"] = "Policy", ["PermissionsBoundaryArn"] = arn }
        : null;

    private static JsonArray? Tags(PolicyHolder holder) => holder.Tags.Count == 0 ? null : IamTags.Render(holder.Tags);
}
