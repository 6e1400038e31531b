using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on roles.</summary>
internal sealed class RoleApi(IdentityDirectory directory, IamAnswers answers, TimeProvider timeProvider)
{
    public void Register(ApiService api) => api
        .Handle("CreateRole", Create)
        .Handle("GetRole", Get)
        .Handle("UpdateRole", Update)
        .Handle("UpdateRoleDescription", UpdateDescription)
        .Handle("UpdateAssumeRolePolicy", UpdateTrust)
        .Handle("DeleteRole", Delete)
        .Handle("ListRoles", List)

        // Instance profiles belong to virtual machines, of which there are none. Clients ask before they delete a role.
        .Handle("ListInstanceProfilesForRole", ListInstanceProfiles);

    private Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var path = call.Input.Text("Path") ?? "/";
            if (path.StartsWith(ServiceLinkedRoles.PathPrefix, StringComparison.Ordinal))
            {
                throw IamErrors.InvalidInput($"The path {path} belongs to service-linked roles. Choose another one, or call CreateServiceLinkedRole.");
            }

            var trust = call.Input.RequiredText("AssumeRolePolicyDocument");
            IamErrors.Check(trust, PolicyKind.Trust, IamQuotas.TrustPolicySize, "ACLSizePerRole");
            var role = Add(
                edit,
                new RoleRecord
                {
                    Name = call.Input.RequiredText("RoleName"),
                    Id = IdentityIds.Of("AROA"),
                    Path = path,
                    CreatedAt = timeProvider.GetUtcNow(),
                    TrustPolicy = trust,
                    Description = call.Input.Text("Description"),
                    MaxSessionSeconds = call.Input.Integer("MaxSessionDuration") ?? 3600,
                    Tags = IamTags.Add(new Dictionary<string, string>(), call.Input.Objects("Tags")),
                    BoundaryArn = BoundaryApi.Check(edit.Now, directory.Account, call.Input.Text("PermissionsBoundary")),
                });
            return new JsonObject { ["Role"] = answers.Role(role) };
        },
        cancellationToken);

    public static RoleRecord Add(IdentityEdit edit, RoleRecord role)
    {
        if (edit.Now.Roles.ContainsKey(role.Name))
        {
            throw IamErrors.Exists($"Role with name {role.Name} already exists.");
        }

        if (edit.Now.Roles.Count >= IamQuotas.Roles)
        {
            throw IamErrors.Limit($"Cannot exceed quota for RolesPerAccount: {IamQuotas.Roles}");
        }

        edit.Put(role);
        return role;
    }

    private async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken) =>
        new() { ["Role"] = answers.Role((RoleRecord)HolderKind.Role.Find(await directory.Read(cancellationToken), call)) };

    private Task<JsonObject> Update(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        role => role with
        {
            Description = call.Input.Text("Description") ?? role.Description,
            MaxSessionSeconds = call.Input.Integer("MaxSessionDuration") ?? role.MaxSessionSeconds,
        },
        _ => new JsonObject(),
        cancellationToken);

    private Task<JsonObject> UpdateDescription(ApiCall call, CancellationToken cancellationToken) => Change(
        call, role => role with { Description = call.Input.Text("Description") }, role => new JsonObject { ["Role"] = answers.Role(role) }, cancellationToken);

    private Task<JsonObject> UpdateTrust(ApiCall call, CancellationToken cancellationToken)
    {
        var trust = call.Input.RequiredText("PolicyDocument");
        IamErrors.Check(trust, PolicyKind.Trust, IamQuotas.TrustPolicySize, "ACLSizePerRole");
        return Change(call, role => role with { TrustPolicy = trust }, _ => new JsonObject(), cancellationToken);
    }

    private Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var role = Changeable(edit.Now, call);
            HolderRules.DemandNoPolicies(role);
            edit.Remove(role);
            return new JsonObject();
        },
        cancellationToken);

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var prefix = call.Input.Text("PathPrefix") ?? "/";
        return IamPages.Answer(call, "Roles", snapshot.Roles.Values.Where(role => HolderRules.IsBelow(role.Path, prefix)), role => role.Name, answers.Role);
    }

    private async Task<JsonObject> ListInstanceProfiles(ApiCall call, CancellationToken cancellationToken)
    {
        HolderKind.Role.Find(await directory.Read(cancellationToken), call);
        return new JsonObject { ["InstanceProfiles"] = new JsonArray(), ["IsTruncated"] = false };
    }

    private Task<JsonObject> Change(ApiCall call, Func<RoleRecord, RoleRecord> change, Func<RoleRecord, JsonObject> answer, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var role = change(Changeable(edit.Now, call));
            edit.Put(role);
            return answer(role);
        },
        cancellationToken);

    private static RoleRecord Changeable(IdentitySnapshot snapshot, ApiCall call)
    {
        var role = (RoleRecord)HolderKind.Role.Find(snapshot, call);
        return !ServiceLinkedRoles.IsOne(role)
            ? role
            : throw IamErrors.Unmodifiable($"Cannot perform the operation on the protected role '{role.Name}' - this role is only modifiable by AWS");
    }
}
