namespace Sanbashi.Domain.Identity.Policies;

public enum PrincipalKind
{
    Root,
    User,
    AssumedRole,
    Service,
}
