namespace Sanbashi.Domain.Identity.Policies;

/// <summary>All policies that have a say in one request.</summary>
public sealed record PolicySet
{
    /// <summary>Attached to the caller, inline and managed, those of its groups included.</summary>
    public IReadOnlyList<NamedPolicy> Identity { get; init; } = [];

    /// <summary>Attached to the resource: a role's trust policy, a secret's policy. Null: the resource has none.</summary>
    public NamedPolicy? Resource { get; init; }

    /// <summary>A role's trust policy: without its consent nobody assumes the role, whatever their own policies say.</summary>
    public bool IsResourceRequired { get; init; }

    /// <summary>The most that the caller's own policies can give. Null: no such limit.</summary>
    public NamedPolicy? Boundary { get; init; }

    /// <summary>Given when the session was made. Null: no such limit. Empty never occurs: a session without policies has no limit.</summary>
    public IReadOnlyList<NamedPolicy>? Session { get; init; }
}
