using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>All identities of the installation at one moment. Names are found in any case, as in IAM.</summary>
internal sealed record IdentitySnapshot
{
    /// <summary>Policies are read once for as long as their text is in use.</summary>
    private static readonly ConditionalWeakTable<string, PolicyDocument> _documents = [];

    public static IdentitySnapshot Empty { get; } = new();

    public ImmutableDictionary<string, UserRecord> Users { get; init; } = ImmutableDictionary.Create<string, UserRecord>(StringComparer.OrdinalIgnoreCase);

    public ImmutableDictionary<string, GroupRecord> Groups { get; init; } = ImmutableDictionary.Create<string, GroupRecord>(StringComparer.OrdinalIgnoreCase);

    public ImmutableDictionary<string, RoleRecord> Roles { get; init; } = ImmutableDictionary.Create<string, RoleRecord>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The account's own managed policies by name.</summary>
    public ImmutableDictionary<string, ManagedPolicyRecord> Policies { get; init; } = ImmutableDictionary.Create<string, ManagedPolicyRecord>(StringComparer.OrdinalIgnoreCase);

    /// <summary>By access key id.</summary>
    public ImmutableDictionary<string, AccessKeyRecord> Keys { get; init; } = ImmutableDictionary.Create<string, AccessKeyRecord>(StringComparer.Ordinal);

    public IEnumerable<AccessKeyRecord> KeysOf(UserRecord user) =>
        Keys.Values.Where(key => key.UserName.Equals(user.Name, StringComparison.OrdinalIgnoreCase)).OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal);

    public IEnumerable<PolicyHolder> Holders => [.. Users.Values, .. Groups.Values, .. Roles.Values];

    /// <summary>One of the account's or of those built in; null when there is none with this ARN.</summary>
    public ManagedPolicyRecord? FindPolicy(string account, string arn) =>
        ManagedPolicies.Find(arn) ?? (Policies.GetValueOrDefault(arn[(arn.LastIndexOf('/') + 1)..]) is { } own && own.Arn(account) == arn ? own : null);

    /// <summary>A text that was checked when it was taken.</summary>
    public static PolicyDocument Document(string text, PolicyKind kind) => _documents.GetValue(text, text => PolicyParser.Parse(text, kind));

    /// <summary>The policies that holders carry themselves, inline and attached.</summary>
    public IEnumerable<NamedPolicy> PoliciesOf(string account, PolicyHolder holder) =>
    [
        .. holder.InlinePolicies.Select(policy => new NamedPolicy(policy.Key, Document(policy.Value, PolicyKind.Identity))),
        .. holder.AttachedPolicies.Select(arn => Managed(account, arn)).OfType<NamedPolicy>(),
    ];

    /// <summary>Null: it is not there any more.</summary>
    public NamedPolicy? Managed(string account, string arn) =>
        FindPolicy(account, arn) is { } policy ? new NamedPolicy(arn, Document(policy.Text, PolicyKind.Identity)) : null;
}
