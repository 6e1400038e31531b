namespace Sanbashi.Domain.Identity.Policies;

/// <summary>Where a policy stands decides which elements it must and must not have.</summary>
public enum PolicyKind
{
    /// <summary>Has resources and no principal.</summary>
    Identity,

    /// <summary>Has a principal.</summary>
    Resource,

    /// <summary>A role's trust policy: has a principal and no resource, and is about assuming roles only.</summary>
    Trust,
}
