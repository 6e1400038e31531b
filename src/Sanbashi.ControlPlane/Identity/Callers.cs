using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Finds out who makes a call.</summary>
/// <param name="isInstanceGone">Whether the instance with this id has certainly ended.</param>
internal sealed class Callers(ApiCredential root, IdentityDirectory directory, SessionTokens sessions, Func<string, bool> isInstanceGone)
{
    private const string Gone = "The security token included in the request is invalid.";

    private readonly string _account = directory.Account;

    /// <exception cref="ApiException">The user or role behind the key is gone.</exception>
    public async ValueTask<Caller> Of(string accessKeyId, string? sessionToken, CancellationToken cancellationToken)
    {
        var rootCaller = new Caller(PolicyPrincipal.Root(_account), _account, null, null, new PolicySet());
        if (accessKeyId == root.AccessKeyId)
        {
            return rootCaller;
        }

        var snapshot = await directory.Read(cancellationToken);
        if (sessionToken is null)
        {
            var user = snapshot.Keys.GetValueOrDefault(accessKeyId) is { } key ? snapshot.Users.GetValueOrDefault(key.UserName) : null;
            return User(snapshot, user ?? throw Invalid(), null);
        }

        var ticket = sessions.Open(accessKeyId, sessionToken) ?? throw Invalid();
        if (ticket.InstanceId is { } instance && isInstanceGone(instance))
        {
            throw new ApiException("ExpiredTokenException", $"The security token included in the request is expired: the instance {instance} that it was given to has ended.");
        }

        if (ticket.RoleName is { } roleName)
        {
            return snapshot.Roles.GetValueOrDefault(roleName) is { } role && role.Id == ticket.HolderId ? Role(snapshot, role, ticket) : throw Invalid();
        }

        return ticket.UserName is null
            ? rootCaller with { Session = ticket }
            : snapshot.Users.GetValueOrDefault(ticket.UserName) is { } owner && owner.Id == ticket.HolderId ? User(snapshot, owner, ticket) : throw Invalid();
    }

    /// <summary>The user as it would be without a call.</summary>
    public Caller User(IdentitySnapshot snapshot, UserRecord user, SessionTicket? ticket) => new(
        new PolicyPrincipal(PrincipalKind.User, _account, user.Arn(_account)),
        user.Id,
        user,
        ticket,
        new PolicySet
        {
            Identity =
            [
                .. snapshot.PoliciesOf(_account, user),
                .. user.Groups.Select(name => snapshot.Groups.GetValueOrDefault(name)).OfType<GroupRecord>().SelectMany(group => snapshot.PoliciesOf(_account, group)),
            ],
            Boundary = Boundary(snapshot, user),
        });

    public Caller Role(IdentitySnapshot snapshot, RoleRecord role, SessionTicket ticket)
    {
        var arn = $"arn:aws:sts::{_account}:assumed-role/{role.Name}/{ticket.SessionName}";
        return new Caller(
            new PolicyPrincipal(PrincipalKind.AssumedRole, _account, arn, role.Arn(_account)),
            $"{role.Id}:{ticket.SessionName}",
            role,
            ticket,
            new PolicySet { Identity = [.. snapshot.PoliciesOf(_account, role)], Boundary = Boundary(snapshot, role), Session = SessionPolicies(snapshot, ticket) });
    }

    private IReadOnlyList<NamedPolicy>? SessionPolicies(IdentitySnapshot snapshot, SessionTicket ticket) => ticket.Policies.Count + ticket.PolicyArns.Count == 0
        ? null
        :
        [
            .. ticket.Policies.Select(text => new NamedPolicy("session policy", IdentitySnapshot.Document(text, PolicyKind.Identity))),
            .. ticket.PolicyArns.Select(arn => snapshot.Managed(_account, arn)).OfType<NamedPolicy>(),
        ];

    /// <summary>A boundary that is gone limits to nothing.</summary>
    private NamedPolicy? Boundary(IdentitySnapshot snapshot, PolicyHolder holder) => holder.BoundaryArn is not { } arn
        ? null
        : snapshot.Managed(_account, arn) ?? new NamedPolicy(arn, new PolicyDocument(PolicyDocument.CurrentVersion, []));

    private static ApiException Invalid() => new("UnrecognizedClientException", Gone);
}
