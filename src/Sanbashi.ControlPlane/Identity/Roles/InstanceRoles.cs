using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Identity.Authorization;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Roles;

/// <summary>The roles that services give to their instances: who may have one, and what it may do.</summary>
internal sealed class InstanceRoles(IdentityDirectory directory, Callers callers, CallAuthorizer authorizer, SessionTokens sessions, TimeProvider timeProvider)
{
    /// <summary>The principal that App Runner's instances are in trust policies.</summary>
    public const string TasksPrincipal = "tasks.apprunner.amazonaws.com";

    /// <summary>How long credentials of instances last, the least that every role allows. SDKs fetch new ones some minutes before.</summary>
    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    /// <summary>The session in whose name the platform reads what a deployment needs.</summary>
    private const string DeploymentSession = "apprunner-deployment";

    /// <exception cref="ApiException">The service's instance role does not exist, or does not trust App Runner's instances.</exception>
    public async Task Check(ServiceRecord service, CancellationToken cancellationToken)
    {
        if (service.Definition.InstanceRoleArn is { } arn && Problem(await directory.Read(cancellationToken), service, arn) is { } problem)
        {
            throw ApiErrors.InvalidRequest(problem);
        }
    }

    /// <summary>Whether a service's role may do this now, for the platform that does it in the role's name.</summary>
    /// <param name="details">Condition keys of the action.</param>
    /// <exception cref="ApiException">It may not; the message names role, action and resource.</exception>
    public async Task Demand(
        ServiceRecord service, string roleArn, string action, string resource, IReadOnlyDictionary<string, string> details, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        if (Problem(snapshot, service, roleArn) is { } problem)
        {
            throw ApiErrors.InvalidRequest(problem);
        }

        var role = Find(snapshot, roleArn)!;
        var ticket = new SessionTicket { ExpiresAt = timeProvider.GetUtcNow(), RoleName = role.Name, HolderId = role.Id, SessionName = DeploymentSession };
        await authorizer.Demand(callers.Role(snapshot, role, ticket), new CallTarget(action, resource), service.Scope.Region, details, cancellationToken);
    }

    /// <summary>Credentials for an instance, which end with it.</summary>
    /// <exception cref="ApiException">The role is gone, or does not trust App Runner's instances any more.</exception>
    public async Task<InstanceCredentials> Issue(ServiceRecord service, string roleArn, string instanceId, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        if (Problem(snapshot, service, roleArn) is { } problem)
        {
            throw ApiErrors.InvalidRequest(problem);
        }

        var role = Find(snapshot, roleArn)!;
        var ticket = new SessionTicket
        {
            ExpiresAt = timeProvider.GetUtcNow() + _lifetime,
            RoleName = role.Name,
            HolderId = role.Id,
            SessionName = instanceId,
            InstanceId = instanceId,
        };
        var credential = sessions.Issue(ticket);
        return new InstanceCredentials(roleArn, credential.AccessKeyId, credential.SecretAccessKey, credential.SessionToken!, ticket.ExpiresAt);
    }

    /// <summary>App Runner's words, which Terraform looks for, and the reason; null when the service may have the role.</summary>
    private string? Problem(IdentitySnapshot snapshot, ServiceRecord service, string arn)
    {
        var attempt = $"Error in assuming instance role {arn}";
        return Find(snapshot, arn) is not { } role
            ? $"{attempt}: there is no such role. Create it, with a trust policy that lets {TasksPrincipal} assume it."
            : Trusts(role, service)
                ? null
                : $"{attempt}: its trust policy does not let {TasksPrincipal} assume it. Allow sts:AssumeRole to that service with UpdateAssumeRolePolicy.";
    }

    private RoleRecord? Find(IdentitySnapshot snapshot, string arn) =>
        snapshot.Roles.GetValueOrDefault(arn[(arn.LastIndexOf('/') + 1)..]) is { } role && role.Arn(directory.Account) == arn ? role : null;

    private bool Trusts(RoleRecord role, ServiceRecord service)
    {
        var policies = new PolicySet { Resource = new NamedPolicy(role.Name, IdentitySnapshot.Document(role.TrustPolicy, PolicyKind.Trust)), IsResourceRequired = true };
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["aws:SourceAccount"] = [service.Scope.Account],
            ["aws:SourceArn"] = [service.Arn],
        };
        return PolicyEvaluator.Decide(policies, new PolicyRequest(PolicyPrincipal.Service(TasksPrincipal), "sts:AssumeRole", role.Arn(directory.Account), keys)).IsAllowed;
    }
}
