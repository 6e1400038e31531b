namespace Sanbashi.Domain.Identity.Policies;

/// <summary>What the policies say to one request, and why.</summary>
/// <param name="Source">The kind of policy that decided: the one with the statement, or the one without any that allows.</param>
/// <param name="Policy">The name of the deciding policy; null for an implicit deny.</param>
/// <param name="Statement">The deciding statement; null for an implicit deny.</param>
public sealed record PolicyDecision(PolicyVerdict Verdict, PolicySource Source, string? Policy, PolicyStatement? Statement)
{
    public bool IsAllowed => Verdict == PolicyVerdict.Allowed;

    /// <summary>AWS's reason, as it stands at the end of a refusal.</summary>
    public string Reason(string action) => Verdict switch
    {
        PolicyVerdict.ExplicitDeny => $"with an explicit deny in {Noun(explicitly: true)}",
        PolicyVerdict.ImplicitDeny => $"because no {Noun(explicitly: false)} allows the {action} action",
        _ => $"because {Noun(explicitly: true)} allows the {action} action",
    };

    private string Noun(bool explicitly)
    {
        var noun = Source switch
        {
            PolicySource.Identity => "identity-based policy",
            PolicySource.Resource => "resource-based policy",
            PolicySource.Boundary => "permissions boundary",
            _ => "session policy",
        };
        return !explicitly ? noun : Source == PolicySource.Identity ? $"an {noun}" : $"a {noun}";
    }
}
