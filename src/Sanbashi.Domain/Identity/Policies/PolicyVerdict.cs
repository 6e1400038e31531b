namespace Sanbashi.Domain.Identity.Policies;

public enum PolicyVerdict
{
    Allowed,

    /// <summary>A statement says Deny; nothing can outweigh it.</summary>
    ExplicitDeny,

    /// <summary>No statement says Allow where one has to.</summary>
    ImplicitDeny,
}
