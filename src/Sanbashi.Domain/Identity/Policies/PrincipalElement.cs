namespace Sanbashi.Domain.Identity.Policies;

/// <summary><c>Principal</c> or <c>NotPrincipal</c>.</summary>
/// <param name="Aws">Account ids, ARNs or <c>*</c>.</param>
/// <param name="Services">Names such as <c>tasks.apprunner.amazonaws.com</c>.</param>
/// <param name="IsAnyone"><c>"Principal": "*"</c>.</param>
public sealed record PrincipalElement(IReadOnlyList<string> Aws, IReadOnlyList<string> Services, bool IsAnyone, bool IsInverted)
{
    public PrincipalMatch Match(PolicyPrincipal caller)
    {
        var match = Named(caller);
        return !IsInverted ? match : match == PrincipalMatch.None ? Whole(caller) : PrincipalMatch.None;
    }

    private PrincipalMatch Named(PolicyPrincipal caller)
    {
        if (caller.Kind == PrincipalKind.Service)
        {
            return IsAnyone || Services.Contains(caller.Arn, StringComparer.OrdinalIgnoreCase) ? PrincipalMatch.Itself : PrincipalMatch.None;
        }

        var best = IsAnyone ? Whole(caller) : PrincipalMatch.None;
        foreach (var name in Aws)
        {
            var match = Match(name, caller);
            best = match > best ? match : best;
        }

        return best;
    }

    private static PrincipalMatch Match(string name, PolicyPrincipal caller)
    {
        if (name == "*")
        {
            return Whole(caller);
        }

        if (name == caller.Arn && caller.Kind != PrincipalKind.Root)
        {
            return PrincipalMatch.Itself;
        }

        if (name == caller.RoleArn)
        {
            return PrincipalMatch.Role;
        }

        return name == caller.Account || name == $"arn:aws:iam::{caller.Account}:root"
            ? caller.Kind == PrincipalKind.Root ? PrincipalMatch.Itself : PrincipalMatch.Account
            : PrincipalMatch.None;
    }

    private static PrincipalMatch Whole(PolicyPrincipal caller) => caller.RoleArn is null ? PrincipalMatch.Itself : PrincipalMatch.Role;
}
