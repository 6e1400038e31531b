using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>What has policies: users, groups and roles take the same operations under their own names.</summary>
/// <param name="Word">As in operations' names: <c>User</c>.</param>
internal sealed record HolderKind(string Word, Func<IdentitySnapshot, string, PolicyHolder?> Lookup)
{
    public static HolderKind User { get; } = new("User", (snapshot, name) => snapshot.Users.GetValueOrDefault(name));

    public static HolderKind Group { get; } = new("Group", (snapshot, name) => snapshot.Groups.GetValueOrDefault(name));

    public static HolderKind Role { get; } = new("Role", (snapshot, name) => snapshot.Roles.GetValueOrDefault(name));

    public static IReadOnlyList<HolderKind> All { get; } = [User, Group, Role];

    public string NameMember => $"{Word}Name";

    /// <exception cref="ApiException">NoSuchEntity.</exception>
    public PolicyHolder Find(IdentitySnapshot snapshot, ApiCall call)
    {
        var name = call.Input.RequiredText(NameMember);
        return Lookup(snapshot, name) ?? throw IamErrors.NoSuch($"The {Word.ToLowerInvariant()} with name {name} cannot be found.");
    }
}
