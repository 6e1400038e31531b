using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Identity;

public sealed record RoleRecord : PolicyHolder
{
    /// <summary>Says who may assume it.</summary>
    public required string TrustPolicy { get; init; }

    public string? Description { get; init; }

    /// <summary>The longest session. Default: one hour.</summary>
    public int MaxSessionSeconds { get; init; } = 3600;

    [JsonIgnore]
    public override string Kind => "role";
}
