using System.Text.Json.Serialization;
using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Logs;

/// <summary>Whose the logs in a folder are; lies there as <c>service.json</c>, so that logs can be found after their service is gone.</summary>
/// <param name="DeletedAt">Set once the service is deleted: the folder goes when its last log has gone.</param>
/// <param name="RetentionDays">Per group, where a policy was set; 0 keeps for ever (within the bound of size).</param>
public sealed record LogOwner(
    string ServiceId,
    string Name,
    string Account,
    string Region,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeletedAt,
    IReadOnlyDictionary<LogGroup, int> RetentionDays)
{
    [JsonIgnore]
    public ResourceScope Scope => new(Account, Region);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LogOwner))]
internal sealed partial class LogOwnerJson : JsonSerializerContext;
