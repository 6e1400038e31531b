using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Secrets;

/// <summary>A secret but for its values, which lie sealed in documents of their own (<see cref="SecretValueRecord"/>).</summary>
public sealed record SecretRecord
{
    public required ResourceScope Scope { get; init; }

    /// <summary>32 hex digits; what its values are bound to.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among the secrets of the account and region, those that wait for their deletion included.</summary>
    public required string Name { get; init; }

    /// <summary>The six characters at the end of the ARN, so that a secret made anew under an old name is another one.</summary>
    public required string Suffix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The day on which a value was read last.</summary>
    public DateOnly? AccessedOn { get; init; }

    public string? Description { get; init; }

    /// <summary>Kept and shown; values are sealed with the platform's own key.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The kind of a secret that a third party manages; kept and shown.</summary>
    public string? Type { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>A policy document, as it was given.</summary>
    public string? ResourcePolicy { get; init; }

    public SecretRotation? Rotation { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>The rotation in progress; null when there is none.</summary>
    public RotationRun? Run { get; init; }

    /// <summary>When its deletion was asked for.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When it goes for good.</summary>
    public DateTimeOffset? PurgeAt { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SecretVersion> Versions { get; init; } = [];

    public string Arn => SecretArn.Of(Scope, Name, Suffix);

    public bool IsDeleted => DeletedAt is not null;

    /// <summary>Gone for good, though its documents may still be there.</summary>
    public bool IsPurged(DateTimeOffset now) => PurgeAt <= now;

    public SecretVersion? FindVersion(string versionId) => Versions.FirstOrDefault(version => version.Id == versionId);

    public SecretVersion? FindStage(string stage) => Versions.FirstOrDefault(version => version.Stages.Contains(stage, StringComparer.Ordinal));
}
