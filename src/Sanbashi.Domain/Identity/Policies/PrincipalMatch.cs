namespace Sanbashi.Domain.Identity.Policies;

/// <summary>How a statement of a resource policy names the caller, weakest first.</summary>
public enum PrincipalMatch
{
    None,

    /// <summary>By its account: the account's own policies have to allow it too.</summary>
    Account,

    /// <summary>A session by its role: limits of the session still count.</summary>
    Role,

    /// <summary>Itself: nothing else is needed.</summary>
    Itself,
}
