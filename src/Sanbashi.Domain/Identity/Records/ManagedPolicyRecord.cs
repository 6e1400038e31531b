namespace Sanbashi.Domain.Identity;

/// <summary>A policy that can be attached any number of times.</summary>
public sealed record ManagedPolicyRecord
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public string Path { get; init; } = "/";

    public string? Description { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public required int DefaultVersion { get; init; }

    /// <summary>The highest number given so far, deleted ones included.</summary>
    public required int LastVersion { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<PolicyVersionRecord> Versions { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public string Text => Versions.First(version => version.Number == DefaultVersion).Text;

    /// <param name="account">The account's digits; <c>aws</c> for those built in.</param>
    public string Arn(string account) => $"arn:aws:iam::{account}:policy{Path}{Name}";
}
