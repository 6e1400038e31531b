namespace Sanbashi.Domain.Identity.Policies;

/// <summary>One statement. A part that is null was not given: it applies to everything.</summary>
public sealed record PolicyStatement
{
    public string? Sid { get; init; }

    /// <summary>Its place in the policy, from 0.</summary>
    public required int Index { get; init; }

    public required PolicyEffect Effect { get; init; }

    public PrincipalElement? Principal { get; init; }

    public required ActionElement Actions { get; init; }

    public ResourceElement? Resources { get; init; }

    public IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];

    /// <summary>How the statement is called in explanations.</summary>
    public string Label => Sid ?? $"statement {Index + 1}";

    /// <summary>Whether action, resource and conditions fit; the principal is asked separately.</summary>
    public bool Applies(PolicyRequest request)
    {
        if (!Actions.Matches(request.Action))
        {
            return false;
        }

        // A variable that the request cannot fill must not widen what is allowed.
        var unresolved = false;
        if (Resources is not null && !Resources.Matches(request, ref unresolved))
        {
            return false;
        }

        for (var i = 0; i < Conditions.Count; i++)
        {
            if (!Conditions[i].Holds(request, ref unresolved))
            {
                return false;
            }
        }

        return !unresolved || Effect == PolicyEffect.Deny;
    }
}
