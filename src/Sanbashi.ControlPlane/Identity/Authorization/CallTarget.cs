namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>One permission that a call takes.</summary>
/// <param name="Action">For example <c>apprunner:CreateService</c>.</param>
/// <param name="Resource">What it is about: an ARN, or <c>*</c>.</param>
internal sealed record CallTarget(string Action, string Resource)
{
    public const string Anything = "*";

    /// <summary>The names of the service that a role is passed to, for <c>iam:PassRole</c>: policies write either.</summary>
    public IReadOnlyList<string>? PassedTo { get; init; }

    /// <summary>The service whose instance role does this instead, if it has one.</summary>
    public string? UnlessRoleOf { get; init; }

    /// <summary>It is about each secret that there is: a filter may choose any.</summary>
    public bool IsEverySecret { get; init; }
}
