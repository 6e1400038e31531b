using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Changes that are written together.</summary>
internal sealed class IdentityEdit(ResourceScope scope, IdentitySnapshot before)
{
    private readonly List<DocumentWrite> _writes = [];

    /// <summary>With all changes so far.</summary>
    public IdentitySnapshot Now { get; private set; } = before;

    public IReadOnlyList<DocumentWrite> Writes => _writes;

    public void Put(PolicyHolder holder)
    {
        switch (holder)
        {
            case UserRecord user:
                Now = Now with { Users = Now.Users.SetItem(user.Name, user) };
                Write(IdentityDirectory.UserKind, user.Name, user, IdentityJson.Default.UserRecord);
                break;
            case GroupRecord group:
                Now = Now with { Groups = Now.Groups.SetItem(group.Name, group) };
                Write(IdentityDirectory.GroupKind, group.Name, group, IdentityJson.Default.GroupRecord);
                break;
            case RoleRecord role:
                Now = Now with { Roles = Now.Roles.SetItem(role.Name, role) };
                Write(IdentityDirectory.RoleKind, role.Name, role, IdentityJson.Default.RoleRecord);
                break;
        }
    }

    public void Remove(PolicyHolder holder)
    {
        switch (holder)
        {
            case UserRecord user:
                Now = Now with { Users = Now.Users.Remove(user.Name) };
                Delete(IdentityDirectory.UserKind, user.Name);
                break;
            case GroupRecord group:
                Now = Now with { Groups = Now.Groups.Remove(group.Name) };
                Delete(IdentityDirectory.GroupKind, group.Name);
                break;
            case RoleRecord role:
                Now = Now with { Roles = Now.Roles.Remove(role.Name) };
                Delete(IdentityDirectory.RoleKind, role.Name);
                break;
        }
    }

    public void Put(ManagedPolicyRecord policy)
    {
        Now = Now with { Policies = Now.Policies.SetItem(policy.Name, policy) };
        Write(IdentityDirectory.PolicyKind, policy.Name, policy, IdentityJson.Default.ManagedPolicyRecord);
    }

    public void Remove(ManagedPolicyRecord policy)
    {
        Now = Now with { Policies = Now.Policies.Remove(policy.Name) };
        Delete(IdentityDirectory.PolicyKind, policy.Name);
    }

    public void Put(AccessKeyRecord key)
    {
        Now = Now with { Keys = Now.Keys.SetItem(key.Id, key) };
        Write(IdentityDirectory.KeyKind, key.Id, key, IdentityJson.Default.AccessKeyRecord);
    }

    public void Remove(AccessKeyRecord key)
    {
        Now = Now with { Keys = Now.Keys.Remove(key.Id) };
        Delete(IdentityDirectory.KeyKind, key.Id);
    }

    private void Write<T>(string kind, string name, T record, JsonTypeInfo<T> type) =>
        _writes.Add(new DocumentWrite(Key(kind, name), null, JsonSerializer.Serialize(record, type)));

    private void Delete(string kind, string name) => _writes.Add(new DocumentWrite(Key(kind, name), null, null));

    private DocumentKey Key(string kind, string name) => new(kind, scope, name.ToLowerInvariant());
}
