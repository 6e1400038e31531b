using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on permissions boundaries and tags of users and roles.</summary>
internal sealed class BoundaryApi(IdentityDirectory directory)
{
    public void Register(ApiService api)
    {
        foreach (var kind in (HolderKind[])[HolderKind.User, HolderKind.Role])
        {
            api
                .Handle($"Put{kind.Word}PermissionsBoundary", (call, token) => Change(
                    kind, call, (snapshot, holder) => holder with { BoundaryArn = Check(snapshot, directory.Account, call.Input.RequiredText("PermissionsBoundary")) }, token))
                .Handle($"Delete{kind.Word}PermissionsBoundary", (call, token) => Change(
                    kind, call, (_, holder) => holder.BoundaryArn is not null ? holder with { BoundaryArn = null } : throw NoBoundary(kind, holder), token))
                .Handle($"Tag{kind.Word}", (call, token) => Change(
                    kind, call, (_, holder) => holder with { Tags = IamTags.Add(holder.Tags, call.Input.Objects("Tags")) }, token))
                .Handle($"Untag{kind.Word}", (call, token) => Change(
                    kind, call, (_, holder) => holder with { Tags = IamTags.Remove(holder.Tags, call.Input.Texts("TagKeys")) }, token))
                .Handle($"List{kind.Word}Tags", (call, token) => ListTags(kind, call, token));
        }
    }

    /// <exception cref="ApiException">There is no such policy.</exception>
    public static string? Check(IdentitySnapshot snapshot, string account, string? arn) =>
        arn is null || snapshot.FindPolicy(account, arn) is not null ? arn : throw IamErrors.NoSuch($"Scope ARN: {arn} does not exist or is not attachable.");

    private static ApiException NoBoundary(HolderKind kind, PolicyHolder holder) =>
        IamErrors.NoSuch($"{kind.Word} {holder.Name} does not have a permission boundary.");

    private async Task<JsonObject> ListTags(HolderKind kind, ApiCall call, CancellationToken cancellationToken)
    {
        var holder = kind.Find(await directory.Read(cancellationToken), call);
        return IamPages.Answer(call, "Tags", holder.Tags, tag => tag.Key, tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value });
    }

    private Task<JsonObject> Change(HolderKind kind, ApiCall call, Func<IdentitySnapshot, PolicyHolder, PolicyHolder> change, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            edit.Put(change(edit.Now, kind.Find(edit.Now, call)));
            return new JsonObject();
        },
        cancellationToken);
}
