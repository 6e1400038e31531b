namespace Sanbashi.Domain.Parameters;

/// <summary>One version of a parameter, with what was said of it then.</summary>
public sealed record ParameterVersion
{
    /// <summary>1, 2, ...; never used again.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>The ARN of whoever wrote it.</summary>
    public required string ModifiedBy { get; init; }

    public required string Tier { get; init; }

    public string DataType { get; init; } = "text";

    public string? Description { get; init; }

    public string? AllowedPattern { get; init; }

    public string? KeyId { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];
}
