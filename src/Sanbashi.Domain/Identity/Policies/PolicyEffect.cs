namespace Sanbashi.Domain.Identity.Policies;

public enum PolicyEffect
{
    Allow,
    Deny,
}
