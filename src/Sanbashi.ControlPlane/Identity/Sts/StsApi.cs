using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Identity.Iam;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Sts;

/// <summary>The operations of STS: who am I, and temporary credentials. Whether a role may be assumed is decided with every other permission.</summary>
internal sealed class StsApi(IdentityDirectory directory, Callers callers, SessionTokens sessions, TimeProvider timeProvider)
{
    private const int DefaultRoleSeconds = 3600;
    private const int ChainedRoleSeconds = 3600;
    private const int DefaultUserSeconds = 43200;
    private const int MaxRootSeconds = 3600;
    private const int MaxSessionPolicySize = 2048;
    private const int MaxPolicyArns = 10;

    public void Register(ApiService api) => api
        .Handle("GetCallerIdentity", WhoAmI)
        .Handle("AssumeRole", Assume)
        .Handle("GetSessionToken", GetToken)
        .Handle("GetAccessKeyInfo", KeyInfo)

        // Refusals say their reason in the open: there is nothing encoded to decode.
        .Unavailable(["DecodeAuthorizationMessage"], "InvalidAuthorizationMessageException", _ => "The message is none of this platform's: its refusals are not encoded.");

    private async Task<JsonObject> WhoAmI(ApiCall call, CancellationToken cancellationToken)
    {
        var caller = await callers.Of(call.AccessKeyId, call.SessionToken, cancellationToken);
        return new JsonObject { ["Account"] = directory.Account, ["Arn"] = caller.Principal.Arn, ["UserId"] = caller.UserId };
    }

    private async Task<JsonObject> Assume(ApiCall call, CancellationToken cancellationToken)
    {
        var snapshot = await directory.Read(cancellationToken);
        var caller = await callers.Of(call.AccessKeyId, call.SessionToken, cancellationToken);
        var arn = call.Input.RequiredText("RoleArn");
        var role = snapshot.Roles.GetValueOrDefault(arn[(arn.LastIndexOf('/') + 1)..]);
        if (role is null || role.Arn(directory.Account) != arn)
        {
            // As in AWS, nobody learns which roles there are.
            throw new ApiException("AccessDeniedException", $"User: {caller.Principal.Arn} is not authorized to perform: sts:AssumeRole on resource: {arn}");
        }

        var seconds = Seconds(call, role, caller);
        var tags = IamTags.Add(new Dictionary<string, string>(), call.Input.Objects("Tags"));
        var inherited = caller.Session?.TransitiveTagKeys.Where(caller.Session.Tags.ContainsKey).ToDictionary(key => key, key => caller.Session.Tags[key]) ?? [];
        var name = call.Input.RequiredText("RoleSessionName");
        var ticket = new SessionTicket
        {
            ExpiresAt = timeProvider.GetUtcNow().AddSeconds(seconds),
            RoleName = role.Name,
            HolderId = role.Id,
            SessionName = name,
            SourceIdentity = call.Input.Text("SourceIdentity") ?? caller.Session?.SourceIdentity,
            Policies = SessionPolicies(call),
            PolicyArns = SessionPolicyArns(call, snapshot),
            Tags = tags.Concat(inherited.Where(tag => !tags.ContainsKey(tag.Key))).ToDictionary(StringComparer.OrdinalIgnoreCase),
            TransitiveTagKeys = [.. (call.Input.Texts("TransitiveTagKeys") ?? []).Union(inherited.Keys)],
        };
        var assumed = callers.Role(snapshot, role, ticket);
        return new JsonObject
        {
            ["Credentials"] = Render(ticket),
            ["AssumedRoleUser"] = new JsonObject { ["AssumedRoleId"] = assumed.UserId, ["Arn"] = assumed.Principal.Arn },
            ["SourceIdentity"] = ticket.SourceIdentity,
            ["PackedPolicySize"] = ticket.Policies.Count == 0 ? null : Math.Max(1, ticket.Policies.Sum(policy => policy.Length) * 100 / MaxSessionPolicySize),
        };
    }

    private async Task<JsonObject> GetToken(ApiCall call, CancellationToken cancellationToken)
    {
        var caller = await callers.Of(call.AccessKeyId, call.SessionToken, cancellationToken);
        if (caller.Session is not null)
        {
            throw new ApiException("AccessDeniedException", "Cannot call GetSessionToken with session credentials");
        }

        var seconds = call.Input.Integer("DurationSeconds") ?? DefaultUserSeconds;
        var ticket = new SessionTicket
        {
            ExpiresAt = timeProvider.GetUtcNow().AddSeconds(caller.IsRoot ? Math.Min(seconds, MaxRootSeconds) : seconds),
            UserName = caller.Holder?.Name,
            HolderId = caller.Holder?.Id,
        };
        return new JsonObject { ["Credentials"] = Render(ticket) };
    }

    private Task<JsonObject> KeyInfo(ApiCall call, CancellationToken cancellationToken) => Task.FromResult(new JsonObject { ["Account"] = directory.Account });

    private static int Seconds(ApiCall call, RoleRecord role, Caller caller)
    {
        var isChained = caller.Principal.Kind == PrincipalKind.AssumedRole;
        var given = call.Input.Integer("DurationSeconds");
        if (given > role.MaxSessionSeconds)
        {
            throw Invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        return isChained && given > ChainedRoleSeconds
            ? throw Invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
            : given ?? Math.Min(DefaultRoleSeconds, role.MaxSessionSeconds);
    }

    private static IReadOnlyList<string> SessionPolicies(ApiCall call)
    {
        if (call.Input.Text("Policy") is not { } text)
        {
            return [];
        }

        IamErrors.Check(text, PolicyKind.Identity, int.MaxValue, "Policy");
        return text.Length <= MaxSessionPolicySize
            ? [text]
            : throw new ApiException("PackedPolicyTooLargeException", $"The session policy has {text.Length} characters; at most {MaxSessionPolicySize} are allowed.");
    }

    private IReadOnlyList<string> SessionPolicyArns(ApiCall call, IdentitySnapshot snapshot)
    {
        var arns = (call.Input.Objects("PolicyArns") ?? []).Select(policy => policy.RequiredText("arn")).ToList();
        if (arns.FirstOrDefault(arn => snapshot.FindPolicy(directory.Account, arn) is null) is { } unknown)
        {
            throw Invalid($"The session policy {unknown} does not exist.");
        }

        return arns.Count <= MaxPolicyArns ? arns : throw Invalid($"At most {MaxPolicyArns} session policies may be named.");
    }

    private static ApiException Invalid(string message) => new("ValidationError", message);

    private JsonObject Render(SessionTicket ticket)
    {
        var credential = sessions.Issue(ticket);
        return new JsonObject
        {
            ["AccessKeyId"] = credential.AccessKeyId,
            ["SecretAccessKey"] = credential.SecretAccessKey,
            ["SessionToken"] = credential.SessionToken,
            ["Expiration"] = ApiOutput.Timestamp(ticket.ExpiresAt),
        };
    }
}
