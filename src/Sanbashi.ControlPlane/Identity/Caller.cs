using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Who makes a call, with all that has a say in what it may do.</summary>
/// <param name="UserId">The value of <c>aws:userid</c>.</param>
/// <param name="Holder">The user or the role; null for the root.</param>
/// <param name="Session">Set for temporary credentials.</param>
internal sealed record Caller(PolicyPrincipal Principal, string UserId, PolicyHolder? Holder, SessionTicket? Session, PolicySet Policies)
{
    /// <summary>The root may do everything.</summary>
    public bool IsRoot => Principal.Kind == PrincipalKind.Root;
}
