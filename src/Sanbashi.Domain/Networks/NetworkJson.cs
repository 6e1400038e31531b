using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Networks;

/// <summary>How networks are kept as documents. Members may be added with defaults; renaming one needs a migration.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(NetworkResource))]
public sealed partial class NetworkJson : JsonSerializerContext;
