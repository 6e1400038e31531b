using System.Text.Json.Serialization;

namespace Sanbashi.ControlPlane.Builds;

/// <summary>One line of a build's answer: what the engine says as it goes, and in the end either the image or an error.</summary>
internal sealed record BuildLine
{
    public string? Stream { get; init; }

    public string? Error { get; init; }

    public string? ImageId { get; init; }

    public string? Tag { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BuildLine))]
internal sealed partial class BuildJson : JsonSerializerContext;
