namespace Sanbashi.Domain.Identity;

/// <summary>What users, groups and roles have in common: a name, and policies.</summary>
public abstract record PolicyHolder
{
    /// <summary>Unique among its kind in any case; kept as it was given.</summary>
    public required string Name { get; init; }

    /// <summary>AWS's form: a prefix for the kind and 17 characters. Never used again.</summary>
    public required string Id { get; init; }

    public string Path { get; init; } = "/";

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The ARN of the managed policy that limits it.</summary>
    public string? BoundaryArn { get; init; }

    /// <summary>Texts by name.</summary>
    public IReadOnlyDictionary<string, string> InlinePolicies { get; init; } = new Dictionary<string, string>();

    /// <summary>ARNs of managed policies, in the order of attachment.</summary>
    public IReadOnlyList<string> AttachedPolicies { get; init; } = [];

    /// <summary>For example <c>user</c>: how ARNs and messages call it.</summary>
    public abstract string Kind { get; }

    public string Arn(string account) => $"arn:aws:iam::{account}:{Kind}{Path}{Name}";
}
