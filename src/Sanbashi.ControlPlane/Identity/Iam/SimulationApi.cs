using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>Asks the evaluator without doing anything.</summary>
internal sealed class SimulationApi(IdentityDirectory directory, Callers callers)
{
    private readonly string _account = directory.Account;

    public void Register(ApiService api) => api
        .Handle("SimulatePrincipalPolicy", SimulatePrincipal)
        .Handle("SimulateCustomPolicy", SimulateCustom);

    private async Task<JsonObject> SimulatePrincipal(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var arn = call.Input.RequiredText("PolicySourceArn");
        var caller = Source(snapshot, arn) ?? throw IamErrors.NoSuch($"The entity {arn} cannot be found. Name a user, a group or a role.");
        return Simulate(call, caller.Principal, caller.Policies with { Identity = [.. caller.Policies.Identity, .. Given(call, "PolicyInputList")] });
    }

    private Task<JsonObject> SimulateCustom(ApiCall call, CancellationToken cancellationToken)
    {
        var arn = call.Input.Text("CallerArn") ?? $"arn:aws:iam::{_account}:user/simulated";
        return Task.FromResult(Simulate(call, new PolicyPrincipal(PrincipalKind.User, _account, arn), new PolicySet { Identity = Given(call, "PolicyInputList") }));
    }

    private Caller? Source(IdentitySnapshot snapshot, string arn)
    {
        var name = arn[(arn.LastIndexOf('/') + 1)..];
        if (snapshot.Users.GetValueOrDefault(name) is { } user && user.Arn(_account) == arn)
        {
            return callers.User(snapshot, user, null);
        }

        if (snapshot.Roles.GetValueOrDefault(name) is { } role && role.Arn(_account) == arn)
        {
            return callers.Role(snapshot, role, new SessionTicket { ExpiresAt = DateTimeOffset.MaxValue, SessionName = "simulated" });
        }

        return snapshot.Groups.GetValueOrDefault(name) is { } group && group.Arn(_account) == arn
            ? new Caller(new PolicyPrincipal(PrincipalKind.User, _account, arn), group.Id, group, null, new PolicySet { Identity = [.. snapshot.PoliciesOf(_account, group)] })
            : null;
    }

    private static JsonObject Simulate(ApiCall call, PolicyPrincipal principal, PolicySet policies)
    {
        if (Given(call, "PermissionsBoundaryPolicyInputList") is [var boundary, ..])
        {
            policies = policies with { Boundary = boundary };
        }

        if (call.Input.Text("ResourcePolicy") is { } resource)
        {
            policies = policies with { Resource = new NamedPolicy("ResourcePolicy", IamErrors.Check(resource, PolicyKind.Resource, int.MaxValue, "ResourcePolicy")) };
        }

        var keys = Keys(call);
        var resources = call.Input.Texts("ResourceArns") ?? ["*"];
        var results =
            from action in call.Input.Texts("ActionNames") ?? []
            from arn in resources
            select Render(action, arn, PolicyEvaluator.Decide(policies, new PolicyRequest(principal, action, arn, keys)));
        return IamPages.Answer(call, "EvaluationResults", results.Select((result, index) => (result, index)), item => item.index.ToString("D9", System.Globalization.CultureInfo.InvariantCulture), item => item.result);
    }

    private static JsonObject Render(string action, string resource, PolicyDecision decision) => new()
    {
        ["EvalActionName"] = action,
        ["EvalResourceName"] = resource,
        ["EvalDecision"] = decision.Verdict switch { PolicyVerdict.Allowed => "allowed", PolicyVerdict.ExplicitDeny => "explicitDeny", _ => "implicitDeny" },
        ["MatchedStatements"] = decision.Policy is null ? [] : new JsonArray(new JsonObject { ["SourcePolicyId"] = decision.Policy, ["SourcePolicyType"] = "IAM Policy" }),
        ["MissingContextValues"] = new JsonArray(),
    };

    private static IReadOnlyList<NamedPolicy> Given(ApiCall call, string member) =>
    [
        .. (call.Input.Texts(member) ?? []).Select((text, index) => new NamedPolicy($"{member}.{index + 1}", IamErrors.Check(text, PolicyKind.Identity, int.MaxValue, member))),
    ];

    private static Dictionary<string, IReadOnlyList<string>> Keys(ApiCall call)
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in call.Input.Objects("ContextEntries") ?? [])
        {
            keys[entry.Text("ContextKeyName") ?? ""] = entry.Texts("ContextKeyValues") ?? [];
        }

        return keys;
    }
}
