using System.Text.Json;
using System.Text.Json.Serialization;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;

namespace Sanbashi.Domain.Services;

/// <summary>How the records of this project are kept as documents. Members may be added with defaults; renaming one needs a migration.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ServiceRecord))]
[JsonSerializable(typeof(RevisionRecord))]
[JsonSerializable(typeof(OperationRecord))]
[JsonSerializable(typeof(AutoScalingConfigurationRecord))]
public sealed partial class ServiceJson : JsonSerializerContext;
