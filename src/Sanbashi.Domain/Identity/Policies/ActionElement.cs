namespace Sanbashi.Domain.Identity.Policies;

/// <summary><c>Action</c> or <c>NotAction</c>. Case does not matter.</summary>
public sealed record ActionElement(IReadOnlyList<PolicyText> Patterns, bool IsInverted)
{
    public bool Matches(string action)
    {
        foreach (var pattern in Patterns)
        {
            if (pattern.MatchesPlainly(action, ignoreCase: true))
            {
                return !IsInverted;
            }
        }

        return IsInverted;
    }
}
