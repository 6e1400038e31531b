using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Parameters;

/// <summary>How parameters are kept as documents. Members may be added with defaults; renaming one needs a migration.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ParameterRecord))]
[JsonSerializable(typeof(ParameterValueRecord))]
public sealed partial class ParameterJson : JsonSerializerContext;
