using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>The operations on groups and their members.</summary>
internal sealed class GroupApi(IdentityDirectory directory, IamAnswers answers, TimeProvider timeProvider)
{
    public void Register(ApiService api) => api
        .Handle("CreateGroup", Create)
        .Handle("GetGroup", Get)
        .Handle("DeleteGroup", Delete)
        .Handle("ListGroups", List)
        .Handle("ListGroupsForUser", ListForUser)
        .Handle("AddUserToGroup", (call, token) => Member(call, (groups, name) => groups.Contains(name, StringComparer.OrdinalIgnoreCase) ? groups : [.. groups, name], token))
        .Handle("RemoveUserFromGroup", (call, token) => Member(call, (groups, name) => [.. groups.Where(group => !group.Equals(name, StringComparison.OrdinalIgnoreCase))], token));

    private Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var name = call.Input.RequiredText("GroupName");
            if (edit.Now.Groups.ContainsKey(name))
            {
                throw IamErrors.Exists($"Group with name {name} already exists.");
            }

            if (edit.Now.Groups.Count >= IamQuotas.Groups)
            {
                throw IamErrors.Limit($"Cannot exceed quota for GroupsPerAccount: {IamQuotas.Groups}");
            }

            var group = new GroupRecord { Name = name, Id = IdentityIds.Of("AGPA"), Path = call.Input.Text("Path") ?? "/", CreatedAt = timeProvider.GetUtcNow() };
            edit.Put(group);
            return new JsonObject { ["Group"] = answers.Group(group) };
        },
        cancellationToken);

    private async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var group = (GroupRecord)HolderKind.Group.Find(snapshot, call);
        var answer = IamPages.Answer(call, "Users", Members(snapshot, group), user => user.Name, answers.User);
        answer["Group"] = answers.Group(group);
        return answer;
    }

    private Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var group = (GroupRecord)HolderKind.Group.Find(edit.Now, call);
            HolderRules.DemandNoPolicies(group);
            if (Members(edit.Now, group).Any())
            {
                throw IamErrors.DeleteConflict("Cannot delete entity, must remove users from group first.");
            }

            edit.Remove(group);
            return new JsonObject();
        },
        cancellationToken);

    private async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var prefix = call.Input.Text("PathPrefix") ?? "/";
        return IamPages.Answer(call, "Groups", snapshot.Groups.Values.Where(group => HolderRules.IsBelow(group.Path, prefix)), group => group.Name, answers.Group);
    }

    private async Task<JsonObject> ListForUser(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var user = (UserRecord)HolderKind.User.Find(snapshot, call);
        return IamPages.Answer(call, "Groups", user.Groups.Select(name => snapshot.Groups[name]), group => group.Name, answers.Group);
    }

    private Task<JsonObject> Member(ApiCall call, Func<IReadOnlyList<string>, string, IReadOnlyList<string>> change, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var group = HolderKind.Group.Find(edit.Now, call);
            var user = (UserRecord)HolderKind.User.Find(edit.Now, call);
            var groups = change(user.Groups, group.Name);
            if (groups.Count > IamQuotas.GroupsPerUser)
            {
                throw IamErrors.Limit($"Cannot exceed quota for GroupsPerUser: {IamQuotas.GroupsPerUser}");
            }

            edit.Put(user with { Groups = groups });
            return new JsonObject();
        },
        cancellationToken);

    private static IEnumerable<UserRecord> Members(IdentitySnapshot snapshot, GroupRecord group) =>
        snapshot.Users.Values.Where(user => user.Groups.Contains(group.Name, StringComparer.OrdinalIgnoreCase));
}
