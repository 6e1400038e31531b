using System.Text.Json.Serialization;

namespace Sanbashi.ControlPlane.Exec;

/// <param name="Rows">1-10000.</param>
/// <param name="Columns">1-10000.</param>
internal sealed record TerminalSize(int Rows, int Columns);

/// <summary>How a command ended.</summary>
internal sealed record ExecEnd(int? ExitCode, string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TerminalSize))]
[JsonSerializable(typeof(ExecEnd))]
internal sealed partial class ExecJson : JsonSerializerContext;
