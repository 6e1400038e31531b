using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on users.</summary>
internal sealed class UserApi(IdentityDirectory directory, Callers callers, IamAnswers answers, TimeProvider timeProvider)
{
    public void Register(ApiService api) => api
        .Handle("CreateUser", Create)
        .Handle("GetUser", Get)
        .Handle("UpdateUser", Update)
        .Handle("DeleteUser", Delete)
        .Handle("ListUsers", List);

    private Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var name = call.Input.RequiredText("UserName");
            DemandFree(edit.Now, name);
            if (edit.Now.Users.Count >= IamQuotas.Users)
            {
                throw IamErrors.Limit($"Cannot exceed quota for UsersPerAccount: {IamQuotas.Users}");
            }

            var user = new UserRecord
            {
                Name = name,
                Id = IdentityIds.Of("AIDA"),
                Path = call.Input.Text("Path") ?? "/",
                CreatedAt = timeProvider.GetUtcNow(),
                Tags = IamTags.Add(new Dictionary<string, string>(), call.Input.Objects("Tags")),
                BoundaryArn = BoundaryApi.Check(edit.Now, directory.Account, call.Input.Text("PermissionsBoundary")),
            };
            edit.Put(user);
            return new JsonObject { ["User"] = answers.User(user) };
        },
        cancellationToken);

    /// <summary>Without a name, the caller's own.</summary>
    private async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        if (call.Input.Text("UserName") is not null)
        {
            return new JsonObject { ["User"] = answers.User((UserRecord)HolderKind.User.Find(snapshot, call)) };
        }

        var caller = await callers.Of(call.AccessKeyId, call.SessionToken, cancellationToken);
        return caller switch
        {
            { Holder: UserRecord user } => new JsonObject { ["User"] = answers.User(user) },
            { IsRoot: true } => new JsonObject
            {
                ["User"] = new JsonObject
                {
                    ["Path"] = "/",
                    ["UserName"] = "root",
                    ["UserId"] = caller.UserId,
                    ["Arn"] = caller.Principal.Arn,
                    ["CreateDate"] = ApiOutput.Timestamp(DateTimeOffset.UnixEpoch),
                },
            },
            _ => throw new ApiException("ValidationError", "Must specify userName when calling with non-User credentials"),
        };
    }

    private Task<JsonObject> Update(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var user = (UserRecord)HolderKind.User.Find(edit.Now, call);
            var name = call.Input.Text("NewUserName") ?? user.Name;
            if (!name.Equals(user.Name, StringComparison.OrdinalIgnoreCase))
            {
                DemandFree(edit.Now, name);
            }

            edit.Remove(user);
            edit.Put(user with { Name = name, Path = call.Input.Text("NewPath") ?? user.Path });
            foreach (var key in edit.Now.KeysOf(user).ToList())
            {
                edit.Put(key with { UserName = name });
            }

            return new JsonObject();
        },
        cancellationToken);

    private Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var user = (UserRecord)HolderKind.User.Find(edit.Now, call);
            HolderRules.DemandNoPolicies(user);
            if (edit.Now.KeysOf(user).Any())
            {
                throw IamErrors.DeleteConflict("Cannot delete entity, must delete access keys first.");
            }

            if (user.Groups.Count > 0)
            {
                throw IamErrors.DeleteConflict("Cannot delete entity, must remove users from group first.");
            }

            edit.Remove(user);
            return new JsonObject();
        },
        cancellationToken);

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var prefix = call.Input.Text("PathPrefix") ?? "/";
        return IamPages.Answer(call, "Users", snapshot.Users.Values.Where(user => HolderRules.IsBelow(user.Path, prefix)), user => user.Name, answers.User);
    }

    private static void DemandFree(IdentitySnapshot snapshot, string name)
    {
        if (snapshot.Users.ContainsKey(name))
        {
            throw IamErrors.Exists($"User with name {name} already exists.");
        }
    }
}
