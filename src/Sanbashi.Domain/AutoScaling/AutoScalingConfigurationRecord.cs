using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.AutoScaling;

/// <summary>One revision of a named auto scaling configuration. Immutable but for its flags.</summary>
public sealed record AutoScalingConfigurationRecord
{
    public const string DefaultName = "DefaultConfiguration";

    /// <summary>Id of the first revision of <see cref="DefaultName"/>, the same everywhere.</summary>
    public const string BuiltInId = "00000000000000000000000000000001";

    public required ResourceScope Scope { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int Revision { get; init; }

    public required ScalingLimits Limits { get; init; }

    public bool IsActive { get; init; } = true;

    /// <summary>Services that name no configuration get this one; exactly one per account and region.</summary>
    public bool IsDefault { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public string Arn => Arns.AutoScalingConfiguration(Scope, Name, Revision, Id);
}
