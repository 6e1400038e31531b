using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Identity;

public sealed record UserRecord : PolicyHolder
{
    /// <summary>Names of groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    [JsonIgnore]
    public override string Kind => "user";
}
