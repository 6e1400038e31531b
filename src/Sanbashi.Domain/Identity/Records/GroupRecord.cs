using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Identity;

public sealed record GroupRecord : PolicyHolder
{
    [JsonIgnore]
    public override string Kind => "group";
}
