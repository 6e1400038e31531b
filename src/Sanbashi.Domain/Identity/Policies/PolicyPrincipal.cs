namespace Sanbashi.Domain.Identity.Policies;

/// <summary>Who makes a request, as the element <c>Principal</c> can name it.</summary>
/// <param name="Account">Empty for a service.</param>
/// <param name="Arn">Of the root, the user or the role's session; the name of a service, such as <c>tasks.apprunner.amazonaws.com</c>.</param>
/// <param name="RoleArn">The role behind a session.</param>
public sealed record PolicyPrincipal(PrincipalKind Kind, string Account, string Arn, string? RoleArn = null)
{
    public static PolicyPrincipal Root(string account) => new(PrincipalKind.Root, account, $"arn:aws:iam::{account}:root");

    public static PolicyPrincipal Service(string name) => new(PrincipalKind.Service, "", name);

    /// <summary>The value of <c>aws:PrincipalArn</c>: for a session its role.</summary>
    public string PrincipalArn => RoleArn ?? Arn;
}
