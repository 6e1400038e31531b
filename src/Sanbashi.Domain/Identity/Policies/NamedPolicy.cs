namespace Sanbashi.Domain.Identity.Policies;

/// <summary>A policy as it applies to a caller.</summary>
/// <param name="Name">What people know it by: the name of an inline policy, the ARN of a managed one.</param>
public sealed record NamedPolicy(string Name, PolicyDocument Document);
