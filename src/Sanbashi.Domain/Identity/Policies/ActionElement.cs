namespace Sanbashi.Domain.Identity.Policies;

/// <summary><c>Action</c> or <c>NotAction</c>. Case does not matter.</summary>
public sealed record ActionElement(IReadOnlyList<PolicyText> Patterns, bool IsInverted)
{
    public bool Matches(string action)
    {
        // By index here and wherever statements are gone through: an enumerator of a list by its interface is made anew each time.
        for (var i = 0; i < Patterns.Count; i++)
        {
            if (Patterns[i].MatchesPlainly(action, ignoreCase: true))
            {
                return !IsInverted;
            }
        }

        return IsInverted;
    }
}
