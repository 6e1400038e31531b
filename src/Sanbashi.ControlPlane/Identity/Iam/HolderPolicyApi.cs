using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on the policies of users, groups and roles: inline ones, and attachments of managed ones.</summary>
internal sealed class HolderPolicyApi(IdentityDirectory directory)
{
    public void Register(ApiService api)
    {
        foreach (var kind in HolderKind.All)
        {
            api
                .Handle($"Put{kind.Word}Policy", (call, token) => Put(kind, call, token))
                .Handle($"Get{kind.Word}Policy", (call, token) => Get(kind, call, token))
                .Handle($"Delete{kind.Word}Policy", (call, token) => Delete(kind, call, token))
                .Handle($"List{kind.Word}Policies", (call, token) => List(kind, call, token))
                .Handle($"Attach{kind.Word}Policy", (call, token) => Attach(kind, call, token))
                .Handle($"Detach{kind.Word}Policy", (call, token) => Detach(kind, call, token))
                .Handle($"ListAttached{kind.Word}Policies", (call, token) => ListAttached(kind, call, token));
        }
    }

    private Task<JsonObject> Put(HolderKind kind, ApiCall call, CancellationToken cancellationToken) => Change(
        kind,
        call,
        (_, holder) =>
        {
            var text = call.Input.RequiredText("PolicyDocument");
            IamErrors.Check(text, PolicyKind.Identity, int.MaxValue, holder.Kind);
            var policies = new SortedDictionary<string, string>(new Dictionary<string, string>(holder.InlinePolicies), StringComparer.Ordinal) { [call.Input.RequiredText("PolicyName")] = text };
            var limit = IamQuotas.InlineSize(holder.Kind);
            return policies.Values.Sum(policy => policy.Count(character => !char.IsWhiteSpace(character))) <= limit
                ? holder with { InlinePolicies = policies }
                : throw IamErrors.Limit($"Maximum policy size of {limit} bytes exceeded for {holder.Kind} {holder.Name}");
        },
        cancellationToken);

    private async Task<JsonObject> Get(HolderKind kind, ApiCall call, CancellationToken cancellationToken)
    {
        var holder = kind.Find(await directory.Read(cancellationToken), call);
        var name = call.Input.RequiredText("PolicyName");
        return new JsonObject
        {
            [kind.NameMember] = holder.Name,
            ["PolicyName"] = name,
            ["PolicyDocument"] = IamAnswers.Encoded(holder.InlinePolicies.GetValueOrDefault(name) ?? throw NoInline(holder, name)),
        };
    }

    private Task<JsonObject> Delete(HolderKind kind, ApiCall call, CancellationToken cancellationToken) => Change(
        kind,
        call,
        (_, holder) =>
        {
            var policies = new Dictionary<string, string>(holder.InlinePolicies, StringComparer.Ordinal);
            var name = call.Input.RequiredText("PolicyName");
            return policies.Remove(name) ? holder with { InlinePolicies = policies } : throw NoInline(holder, name);
        },
        cancellationToken);

    private async Task<JsonObject> List(HolderKind kind, ApiCall call, CancellationToken cancellationToken)
    {
        var holder = kind.Find(await directory.Read(cancellationToken), call);
        return IamPages.Answer(call, "PolicyNames", holder.InlinePolicies.Keys, name => name, name => JsonValue.Create(name));
    }

    private Task<JsonObject> Attach(HolderKind kind, ApiCall call, CancellationToken cancellationToken) => Change(
        kind,
        call,
        (snapshot, holder) =>
        {
            var arn = call.Input.RequiredText("PolicyArn");
            if (snapshot.FindPolicy(directory.Account, arn) is null)
            {
                throw IamErrors.NoSuch($"Policy {arn} does not exist or is not attachable.");
            }

            if (holder.AttachedPolicies.Contains(arn))
            {
                return holder;
            }

            return holder.AttachedPolicies.Count < IamQuotas.PoliciesPerHolder
                ? holder with { AttachedPolicies = [.. holder.AttachedPolicies, arn] }
                : throw IamErrors.Limit($"Cannot exceed quota for PoliciesPer{kind.Word}: {IamQuotas.PoliciesPerHolder}");
        },
        cancellationToken);

    private Task<JsonObject> Detach(HolderKind kind, ApiCall call, CancellationToken cancellationToken) => Change(
        kind,
        call,
        (_, holder) =>
        {
            var arn = call.Input.RequiredText("PolicyArn");
            return holder.AttachedPolicies.Contains(arn)
                ? holder with { AttachedPolicies = [.. holder.AttachedPolicies.Where(attached => attached != arn)] }
                : throw IamErrors.NoSuch($"Policy {arn} was not found.");
        },
        cancellationToken);

    private async Task<JsonObject> ListAttached(HolderKind kind, ApiCall call, CancellationToken cancellationToken)
    {
        var holder = kind.Find(await directory.Read(cancellationToken), call);
        return IamPages.Answer(
            call, "AttachedPolicies", holder.AttachedPolicies, arn => arn, arn => new JsonObject { ["PolicyName"] = arn[(arn.LastIndexOf('/') + 1)..], ["PolicyArn"] = arn });
    }

    private Task<JsonObject> Change(HolderKind kind, ApiCall call, Func<IdentitySnapshot, PolicyHolder, PolicyHolder> change, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var holder = kind.Find(edit.Now, call);
            if (holder is RoleRecord role && ServiceLinkedRoles.IsOne(role))
            {
                throw IamErrors.Unmodifiable($"Cannot perform the operation on the protected role '{role.Name}' - this role is only modifiable by AWS");
            }

            edit.Put(change(edit.Now, holder));
            return new JsonObject();
        },
        cancellationToken);

    private static ApiException NoInline(PolicyHolder holder, string name) => IamErrors.NoSuch($"The {holder.Kind} policy with name {name} cannot be found.");
}
