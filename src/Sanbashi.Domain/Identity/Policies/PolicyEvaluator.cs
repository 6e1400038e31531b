namespace Sanbashi.Domain.Identity.Policies;

/// <summary>
/// IAM's logic, one pure function:
/// <list type="number">
/// <item>A statement of any policy that says Deny ends it.</item>
/// <item>A resource policy that names the caller is enough in the same account; where it names a session's role, the session's limits count too.</item>
/// <item>Otherwise the caller's own policies must allow it, and each limit (boundary, session) as well. From another account, and to assume a role, the resource's policy too.</item>
/// </list>
/// </summary>
public static class PolicyEvaluator
{
    /// <param name="resourceAccount">The account that the resource belongs to; null: the caller's own.</param>
    public static PolicyDecision Decide(PolicySet policies, PolicyRequest request, string? resourceAccount = null)
    {
        // 1
        if (FirstDeny(policies, request) is { } deny)
        {
            return deny;
        }

        // 2
        var isForeign = resourceAccount is not null && request.Principal.Account != resourceAccount;
        var match = PrincipalMatch.None;
        var granted = policies.Resource is { } own ? Allow(own, PolicySource.Resource, request, out match) : null;
        if (request.Principal.Kind == PrincipalKind.Service)
        {
            return granted ?? Implicit(PolicySource.Resource);
        }

        if (granted is not null && !isForeign && match == PrincipalMatch.Itself)
        {
            return granted;
        }

        // 3
        var isGrantedToRole = granted is not null && !isForeign && match == PrincipalMatch.Role;
        var allowed = isGrantedToRole ? granted : Allow(policies.Identity, PolicySource.Identity, request);
        if (allowed is null)
        {
            return Implicit(PolicySource.Identity);
        }

        if (policies.Boundary is { } boundary && Allow([boundary], PolicySource.Boundary, request) is null)
        {
            return Implicit(PolicySource.Boundary);
        }

        if (policies.Session is { } session && Allow(session, PolicySource.Session, request) is null)
        {
            return Implicit(PolicySource.Session);
        }

        return (isForeign || policies.IsResourceRequired) && granted is null ? Implicit(PolicySource.Resource) : allowed;
    }

    private static PolicyDecision? FirstDeny(PolicySet policies, PolicyRequest request) =>
        Deny(policies.Identity, PolicySource.Identity, request)
        ?? (policies.Resource is { } resource ? Deny([resource], PolicySource.Resource, request) : null)
        ?? (policies.Boundary is { } boundary ? Deny([boundary], PolicySource.Boundary, request) : null)
        ?? (policies.Session is { } session ? Deny(session, PolicySource.Session, request) : null);

    private static PolicyDecision? Deny(IReadOnlyList<NamedPolicy> policies, PolicySource source, PolicyRequest request)
    {
        for (var i = 0; i < policies.Count; i++)
        {
            var (policy, statements) = (policies[i], policies[i].Document.Statements);
            for (var j = 0; j < statements.Count; j++)
            {
                var statement = statements[j];
                if (statement.Effect == PolicyEffect.Deny
                    && (statement.Principal is null || statement.Principal.Match(request.Principal) != PrincipalMatch.None)
                    && statement.Applies(request))
                {
                    return new PolicyDecision(PolicyVerdict.ExplicitDeny, source, policy.Name, statement);
                }
            }
        }

        return null;
    }

    private static PolicyDecision? Allow(IReadOnlyList<NamedPolicy> policies, PolicySource source, PolicyRequest request)
    {
        for (var i = 0; i < policies.Count; i++)
        {
            var (policy, statements) = (policies[i], policies[i].Document.Statements);
            for (var j = 0; j < statements.Count; j++)
            {
                var statement = statements[j];
                if (statement.Effect == PolicyEffect.Allow && statement.Applies(request))
                {
                    return new PolicyDecision(PolicyVerdict.Allowed, source, policy.Name, statement);
                }
            }
        }

        return null;
    }

    /// <summary>The statement that names the caller most directly.</summary>
    private static PolicyDecision? Allow(NamedPolicy policy, PolicySource source, PolicyRequest request, out PrincipalMatch match)
    {
        match = PrincipalMatch.None;
        PolicyStatement? best = null;
        foreach (var statement in policy.Document.Statements)
        {
            if (statement.Effect == PolicyEffect.Allow && statement.Principal?.Match(request.Principal) is { } found && found > match && statement.Applies(request))
            {
                (match, best) = (found, statement);
            }
        }

        return best is null ? null : new PolicyDecision(PolicyVerdict.Allowed, source, policy.Name, best);
    }

    private static PolicyDecision Implicit(PolicySource source) => new(PolicyVerdict.ImplicitDeny, source, null, null);
}
