using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on managed policies and their versions.</summary>
internal sealed class ManagedPolicyApi(IdentityDirectory directory, IamAnswers answers, TimeProvider timeProvider)
{
    private readonly string _account = directory.Account;

    public void Register(ApiService api) => api
        .Handle("CreatePolicy", Create)
        .Handle("GetPolicy", Get)
        .Handle("DeletePolicy", Delete)
        .Handle("ListPolicies", List)
        .Handle("ListEntitiesForPolicy", ListEntities)
        .Handle("CreatePolicyVersion", CreateVersion)
        .Handle("GetPolicyVersion", GetVersion)
        .Handle("DeletePolicyVersion", DeleteVersion)
        .Handle("ListPolicyVersions", ListVersions)
        .Handle("SetDefaultPolicyVersion", SetDefault)
        .Handle("TagPolicy", (call, token) => Change(call, policy => policy with { Tags = IamTags.Add(policy.Tags, call.Input.Objects("Tags")) }, token))
        .Handle("UntagPolicy", (call, token) => Change(call, policy => policy with { Tags = IamTags.Remove(policy.Tags, call.Input.Texts("TagKeys")) }, token))
        .Handle("ListPolicyTags", ListTags);

    private Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var name = call.Input.RequiredText("PolicyName");
            var text = Text(call);
            if (edit.Now.Policies.ContainsKey(name))
            {
                throw IamErrors.Exists($"A policy called {name} already exists. Duplicate names are not allowed.");
            }

            if (edit.Now.Policies.Count >= IamQuotas.Policies)
            {
                throw IamErrors.Limit($"Cannot exceed quota for PoliciesPerAccount: {IamQuotas.Policies}");
            }

            var now = timeProvider.GetUtcNow();
            var policy = new ManagedPolicyRecord
            {
                Name = name,
                Id = IdentityIds.Of("ANPA"),
                Path = call.Input.Text("Path") ?? "/",
                Description = call.Input.Text("Description"),
                CreatedAt = now,
                UpdatedAt = now,
                Tags = IamTags.Add(new Dictionary<string, string>(), call.Input.Objects("Tags")),
                DefaultVersion = 1,
                LastVersion = 1,
                Versions = [new PolicyVersionRecord(1, text, now)],
            };
            edit.Put(policy);
            return new JsonObject { ["Policy"] = answers.Policy(edit.Now, policy) };
        },
        cancellationToken);

    private async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        return new JsonObject { ["Policy"] = answers.Policy(snapshot, Find(snapshot, call)) };
    }

    private Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var policy = Own(edit.Now, call);
            var arn = policy.Arn(_account);
            if (edit.Now.Holders.Any(holder => holder.AttachedPolicies.Contains(arn) || holder.BoundaryArn == arn))
            {
                throw IamErrors.DeleteConflict("Cannot delete a policy attached to entities.");
            }

            if (policy.Versions.Count > 1)
            {
                throw IamErrors.DeleteConflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.");
            }

            edit.Remove(policy);
            return new JsonObject();
        },
        cancellationToken);

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var scope = call.Input.Text("Scope") ?? "All";
        var prefix = call.Input.Text("PathPrefix") ?? "/";
        var policies = (scope == "Local" ? [] : ManagedPolicies.All).Concat(scope == "AWS" ? [] : snapshot.Policies.Values)
            .Where(policy => HolderRules.IsBelow(policy.Path, prefix))
            .Where(policy => call.Input.Flag("OnlyAttached") != true || snapshot.Holders.Any(holder => holder.AttachedPolicies.Contains(ArnOf(policy))));
        return IamPages.Answer(call, "Policies", policies, ArnOf, policy => answers.Policy(snapshot, policy));
    }

    private async Task<JsonObject> ListEntities(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var arn = ArnOf(Find(snapshot, call));
        var isBoundary = call.Input.Text("PolicyUsageFilter") == "PermissionsBoundary";
        var filter = call.Input.Text("EntityFilter");
        var holders = snapshot.Holders
            .Where(holder => isBoundary ? holder.BoundaryArn == arn : holder.AttachedPolicies.Contains(arn))
            .Where(holder => filter is null or "LocalManagedPolicy" or "AWSManagedPolicy" || filter.Equals(holder.Kind, StringComparison.OrdinalIgnoreCase))
            .OrderBy(holder => holder.Name, StringComparer.Ordinal)
            .ToList();
        return new JsonObject
        {
            ["PolicyUsers"] = Entities(HolderKind.User),
            ["PolicyGroups"] = Entities(HolderKind.Group),
            ["PolicyRoles"] = Entities(HolderKind.Role),
            ["IsTruncated"] = false,
        };

        JsonArray Entities(HolderKind kind) => ApiOutput.List(holders
            .Where(holder => holder.Kind.Equals(kind.Word, StringComparison.OrdinalIgnoreCase))
            .Select(holder => new JsonObject { [kind.NameMember] = holder.Name, [$"{kind.Word}Id"] = holder.Id }));
    }

    private Task<JsonObject> CreateVersion(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var policy = Own(edit.Now, call);
            if (policy.Versions.Count >= IamQuotas.VersionsPerPolicy)
            {
                throw IamErrors.Limit($"A managed policy can have up to {IamQuotas.VersionsPerPolicy} versions. Before you create a new version, you must delete an existing version.");
            }

            var version = new PolicyVersionRecord(policy.LastVersion + 1, Text(call), timeProvider.GetUtcNow());
            var changed = policy with
            {
                Versions = [.. policy.Versions, version],
                LastVersion = version.Number,
                DefaultVersion = call.Input.Flag("SetAsDefault") == true ? version.Number : policy.DefaultVersion,
                UpdatedAt = version.CreatedAt,
            };
            edit.Put(changed);
            return new JsonObject { ["PolicyVersion"] = IamAnswers.Version(changed, version, withText: false) };
        },
        cancellationToken);

    private async Task<JsonObject> GetVersion(ApiCall call, CancellationToken cancellationToken)
    {
        var policy = Find(await directory.Read(cancellationToken), call);
        return new JsonObject { ["PolicyVersion"] = IamAnswers.Version(policy, Version(policy, call), withText: true) };
    }

    private Task<JsonObject> DeleteVersion(ApiCall call, CancellationToken cancellationToken) => Change(
        call,
        policy =>
        {
            var version = Version(policy, call);
            return version.Number != policy.DefaultVersion
                ? policy with { Versions = [.. policy.Versions.Where(kept => kept != version)] }
                : throw IamErrors.DeleteConflict("Cannot delete the default version of a policy.");
        },
        cancellationToken);

    private async Task<JsonObject> ListVersions(ApiCall call, CancellationToken cancellationToken)
    {
        var policy = Find(await directory.Read(cancellationToken), call);
        return new JsonObject
        {
            ["Versions"] = ApiOutput.List(policy.Versions.Reverse().Select(version => IamAnswers.Version(policy, version, withText: false))),
            ["IsTruncated"] = false,
        };
    }

    private Task<JsonObject> SetDefault(ApiCall call, CancellationToken cancellationToken) =>
        Change(call, policy => policy with { DefaultVersion = Version(policy, call).Number, UpdatedAt = timeProvider.GetUtcNow() }, cancellationToken);

    private async Task<JsonObject> ListTags(ApiCall call, CancellationToken cancellationToken)
    {
        var policy = Find(await directory.Read(cancellationToken), call);
        return IamPages.Answer(call, "Tags", policy.Tags, tag => tag.Key, tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });
    }

    private Task<JsonObject> Change(ApiCall call, Func<ManagedPolicyRecord, ManagedPolicyRecord> change, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            edit.Put(change(Own(edit.Now, call)));
            return new JsonObject();
        },
        cancellationToken);

    private string ArnOf(ManagedPolicyRecord policy) => policy.Arn(ManagedPolicies.IsOne(policy) ? ManagedPolicies.Account : _account);

    private ManagedPolicyRecord Find(IdentitySnapshot snapshot, ApiCall call)
    {
        var arn = call.Input.RequiredText("PolicyArn");
        return snapshot.FindPolicy(_account, arn) ?? throw IamErrors.NoSuch($"Policy {arn} was not found.");
    }

    private ManagedPolicyRecord Own(IdentitySnapshot snapshot, ApiCall call)
    {
        var policy = Find(snapshot, call);
        return !ManagedPolicies.IsOne(policy)
            ? policy
            : throw new ApiException("AccessDeniedException", $"The policy {ArnOf(policy)} is built in and cannot be changed. Make one of your own with CreatePolicy.");
    }

    private static PolicyVersionRecord Version(ManagedPolicyRecord policy, ApiCall call)
    {
        var id = call.Input.RequiredText("VersionId");
        return policy.Versions.FirstOrDefault(version => PolicyVersionRecord.IdOf(version.Number) == id)
            ?? throw IamErrors.NoSuch($"Policy {policy.Name} version {id} does not exist or is not attachable.");
    }

    private static string Text(ApiCall call)
    {
        var text = call.Input.RequiredText("PolicyDocument");
        IamErrors.Check(text, PolicyKind.Identity, IamQuotas.ManagedPolicySize, "PolicySize");
        return text;
    }
}
