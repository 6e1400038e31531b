namespace Sanbashi.Domain.Identity.Policies;

/// <summary>What a policy is to the caller; the words of AWS's refusals.</summary>
public enum PolicySource
{
    Identity,
    Resource,
    Boundary,
    Session,
}
