using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on users' access keys. The secret is in the answer to CreateAccessKey and never again.</summary>
internal sealed class AccessKeyApi(IdentityDirectory directory, Callers callers, Seal keySecrets, TimeProvider timeProvider)
{
    /// <summary>As the root's: as long as AWS's, with a prefix of ours.</summary>
    private const string KeyIdPrefix = "AKSB";

    private const int SecretBytes = 30;

    public void Register(ApiService api) => api
        .Handle("CreateAccessKey", Create)
        .Handle("UpdateAccessKey", Update)
        .Handle("DeleteAccessKey", Delete)
        .Handle("ListAccessKeys", List)
        .Handle("GetAccessKeyLastUsed", LastUsed);

    private async Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken)
    {
        var name = await UserName(call, cancellationToken);
        return await directory.Change(
            edit =>
            {
                var user = Find(edit.Now, name);
                if (edit.Now.KeysOf(user).Count() >= IamQuotas.KeysPerUser)
                {
                    throw IamErrors.Limit($"Cannot exceed quota for AccessKeysPerUser: {IamQuotas.KeysPerUser}");
                }

                var id = KeyIdPrefix + IdentityIds.Random();
                var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
                var key = new AccessKeyRecord(id, user.Name, keySecrets.Close(secret, id), IsActive: true, timeProvider.GetUtcNow());
                edit.Put(key);
                var answer = Render(key);
                answer["SecretAccessKey"] = secret;
                return new JsonObject { ["AccessKey"] = answer };
            },
            cancellationToken);
    }

    private async Task<JsonObject> Update(ApiCall call, CancellationToken cancellationToken)
    {
        var name = await UserName(call, cancellationToken);
        return await directory.Change(
            edit =>
            {
                edit.Put(Key(edit.Now, Find(edit.Now, name), call) with { IsActive = call.Input.RequiredText("Status") == "Active" });
                return new JsonObject();
            },
            cancellationToken);
    }

    private async Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken)
    {
        var name = await UserName(call, cancellationToken);
        return await directory.Change(
            edit =>
            {
                edit.Remove(Key(edit.Now, Find(edit.Now, name), call));
                return new JsonObject();
            },
            cancellationToken);
    }

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var name = await UserName(call, cancellationToken);
        var snapshot = await directory.Read(cancellationToken);
        return IamPages.Answer(call, "AccessKeyMetadata", snapshot.KeysOf(Find(snapshot, name)), key => key.Id, Render);
    }

    /// <summary>When a key was used is not recorded.</summary>
    private async Task<JsonObject> LastUsed(ApiCall call, CancellationToken cancellationToken)
    {
        var id = call.Input.RequiredText("AccessKeyId");
        var key = (await directory.Read(cancellationToken)).Keys.GetValueOrDefault(id) ?? throw NoKey(id);
        return new JsonObject
        {
            ["UserName"] = key.UserName,
            ["AccessKeyLastUsed"] = new JsonObject { ["ServiceName"] = "N/A", ["Region"] = "N/A" },
        };
    }

    private async ValueTask<string> UserName(ApiCall call, CancellationToken cancellationToken)
    {
        if (call.Input.Text("UserName") is { } name)
        {
            return name;
        }

        return (await callers.Of(call.AccessKeyId, call.SessionToken, cancellationToken)).Holder is UserRecord user
            ? user.Name
            : throw new ApiException("ValidationError", "Must specify userName when calling with non-User credentials");
    }

    private static UserRecord Find(IdentitySnapshot snapshot, string name) =>
        snapshot.Users.GetValueOrDefault(name) ?? throw IamErrors.NoSuch($"The user with name {name} cannot be found.");

    private static AccessKeyRecord Key(IdentitySnapshot snapshot, UserRecord user, ApiCall call)
    {
        var id = call.Input.RequiredText("AccessKeyId");
        return snapshot.KeysOf(user).FirstOrDefault(key => key.Id == id) ?? throw NoKey(id);
    }

    private static ApiException NoKey(string id) => IamErrors.NoSuch($"The Access Key with id {id} cannot be found.");

    private static JsonObject Render(AccessKeyRecord key) => new()
    {
        ["UserName"] = key.UserName,
        ["AccessKeyId"] = key.Id,
        ["Status"] = key.IsActive ? "Active" : "Inactive",
        ["CreateDate"] = ApiOutput.Timestamp(key.CreatedAt),
    };
}
