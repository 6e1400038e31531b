using System.Collections.Frozen;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>Every call of every service passes here once it is known who makes it.</summary>
internal sealed class CallAuthorizer(IdentityDirectory directory, Callers callers, ResourceDirectory resources, TimeProvider timeProvider) : ICallAuthorizer
{
    private const string AssumeRole = "sts:AssumeRole";

    /// <summary>Services that have a key of their own for the tags of resources.</summary>
    private static readonly FrozenDictionary<string, string> _ownTagKeys = new Dictionary<string, string>
    {
        ["apprunner"] = "apprunner:ResourceTag",
        ["ssm"] = "ssm:resourceTag",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public async ValueTask<string?> Authorize(ApiCall call, CancellationToken cancellationToken)
    {
        var caller = await callers.Of(call.AccessKeyId, call.SessionToken, cancellationToken);
        if (CallTargets.IsFree(CallTargets.Action(call.Model, call.Operation)) || (caller.IsRoot && call.Operation != "AssumeRole"))
        {
            return caller.Principal.Arn;
        }

        var snapshot = await directory.Read(cancellationToken);
        var keys = RequestKeys.Of(call, caller, timeProvider.GetUtcNow());
        foreach (var target in CallTargets.Of(call, caller, snapshot))
        {
            if (target.UnlessRoleOf is { } service && await resources.HasInstanceRole(service, cancellationToken))
            {
                continue;
            }

            IReadOnlyList<CallTarget> each = target.IsEverySecret
                ? [.. (await resources.Secrets(call.Scope(), cancellationToken)).Select(arn => new CallTarget(target.Action, arn))]
                : [target];
            foreach (var one in each)
            {
                await Demand(caller, one, keys, snapshot, cancellationToken);
            }
        }

        return caller.Principal.Arn;
    }

    /// <summary>For doors that are no operations of a model.</summary>
    public async ValueTask Demand(VerifiedCaller verified, string action, CancellationToken cancellationToken)
    {
        var caller = await callers.Of(verified.AccessKeyId, verified.SessionToken, cancellationToken);
        if (!caller.IsRoot)
        {
            var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["aws:RequestedRegion"] = [verified.Region] };
            await Demand(caller, new CallTarget(action, CallTarget.Anything), keys, await directory.Read(cancellationToken), cancellationToken);
        }
    }

    /// <summary>For what the platform does in somebody's name.</summary>
    /// <param name="details">Condition keys of the action.</param>
    /// <exception cref="ApiException">The caller may not do this.</exception>
    public async ValueTask Demand(
        Caller caller, CallTarget target, string region, IReadOnlyDictionary<string, string> details, CancellationToken cancellationToken)
    {
        var keys = RequestKeys.Of(caller, region, timeProvider.GetUtcNow());
        foreach (var (key, value) in details)
        {
            keys[key] = [value];
        }

        await Demand(caller, target, keys, await directory.Read(cancellationToken), cancellationToken);
    }

    private async ValueTask Demand(
        Caller caller, CallTarget target, Dictionary<string, IReadOnlyList<string>> keys, IdentitySnapshot snapshot, CancellationToken cancellationToken)
    {
        var own = new Dictionary<string, IReadOnlyList<string>>(keys, StringComparer.OrdinalIgnoreCase);
        var resource = await resources.Find(target.Resource, snapshot, cancellationToken);
        foreach (var (key, value) in resource.Tags)
        {
            own[$"aws:ResourceTag/{key}"] = [value];
            if (_ownTagKeys.GetValueOrDefault(target.Action[..target.Action.IndexOf(':', StringComparison.Ordinal)]) is { } prefix)
            {
                own[$"{prefix}/{key}"] = [value];
            }

            if (target.Action.StartsWith("ec2:", StringComparison.Ordinal))
            {
                own[$"ec2:ResourceTag/{key}"] = [value];
            }
        }

        if (target.PassedTo is { } service)
        {
            own["iam:PassedToService"] = service;
        }

        var policies = caller.Policies;
        if (target.Action is AssumeRole or "sts:TagSession")
        {
            policies = Trust(policies, target.Resource, snapshot);
        }

        else if (resource.Policy is { } text)
        {
            policies = policies with { Resource = Policy(resource.Arn, text) };
        }

        // The root needs no policy of its own, but a role that does not trust it stays closed.
        if (caller.IsRoot)
        {
            policies = policies with { Identity = [new NamedPolicy("root", IdentitySnapshot.Document(ManagedPolicies.Find("arn:aws:iam::aws:policy/AdministratorAccess")!.Text, PolicyKind.Identity))] };
        }

        var decision = PolicyEvaluator.Decide(policies, new PolicyRequest(caller.Principal, target.Action, resource.Arn, own));
        if (!decision.IsAllowed)
        {
            throw new ApiException(
                "AccessDeniedException",
                $"User: {caller.Principal.Arn} is not authorized to perform: {target.Action} on resource: {resource.Arn} {decision.Reason(target.Action)}");
        }
    }

    /// <summary>A policy that cannot be read may hold a Deny.</summary>
    private static NamedPolicy Policy(string arn, string text)
    {
        try
        {
            return new NamedPolicy(arn, IdentitySnapshot.Document(text, PolicyKind.Resource));
        }
        catch (MalformedPolicyException malformed)
        {
            throw new ApiException("AccessDeniedException", $"The policy of {arn} cannot be read: {malformed.Message} Put a valid one, as the root if need be.");
        }
    }

    private PolicySet Trust(PolicySet policies, string arn, IdentitySnapshot snapshot)
    {
        var role = snapshot.Roles.GetValueOrDefault(arn[(arn.LastIndexOf('/') + 1)..]);
        return role is not null && role.Arn(directory.Account) == arn
            ? policies with { Resource = new NamedPolicy(role.Name, IdentitySnapshot.Document(role.TrustPolicy, PolicyKind.Trust)), IsResourceRequired = true }
            : policies with { IsResourceRequired = true };
    }
}
