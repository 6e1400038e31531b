namespace Sanbashi.Domain.Identity.Policies;

/// <summary><c>Resource</c> or <c>NotResource</c>. Wildcards go over the whole ARN.</summary>
public sealed record ResourceElement(IReadOnlyList<PolicyText> Patterns, bool IsInverted)
{
    internal bool Matches(PolicyRequest request, ref bool unresolved)
    {
        var isMissing = false;
        for (var i = 0; i < Patterns.Count; i++)
        {
            if (Patterns[i].Resolve(request) is not { } glob)
            {
                isMissing = true;
            }
            else if (Glob.Matches(glob, request.Resource, ignoreCase: false))
            {
                return !IsInverted;
            }
        }

        unresolved |= isMissing && IsInverted;
        return IsInverted;
    }
}
