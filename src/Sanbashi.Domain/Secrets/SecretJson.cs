using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Secrets;

/// <summary>How secrets are kept as documents. Members may be added with defaults; renaming one needs a migration.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SecretRecord))]
[JsonSerializable(typeof(SecretValueRecord))]
public sealed partial class SecretJson : JsonSerializerContext;
