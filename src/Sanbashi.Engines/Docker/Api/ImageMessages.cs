using System.Text.Json.Serialization;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Of GET /images/{name}/json, what is used.</summary>
internal sealed record ImageDetails
{
    public required string Id { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? RepoDigests { get; init; }

    public string? Architecture { get; init; }

    public string? Os { get; init; }

    public long Size { get; init; }

    public ImageConfig? Config { get; init; }
}

internal sealed record ImageConfig
{
    public IReadOnlyDictionary<string, EmptyObject?>? ExposedPorts { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }
}

/// <summary>An element of GET /images/json.</summary>
internal sealed record ImageSummary
{
    public required string Id { get; init; }

    public IReadOnlyList<string>? RepoTags { get; init; }
}

/// <summary>A line of the answers to pull, build and load.</summary>
internal sealed record ProgressMessage
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("stream")]
    public string? Stream { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    [JsonPropertyName("progressDetail")]
    public ProgressDetail? Detail { get; init; }

    [JsonPropertyName("aux")]
    public ProgressAux? Aux { get; init; }
}

internal sealed record ProgressDetail
{
    [JsonPropertyName("current")]
    public long Current { get; init; }

    [JsonPropertyName("total")]
    public long Total { get; init; }
}

internal sealed record ProgressAux
{
    [JsonPropertyName("ID")]
    public string? Id { get; init; }
}

/// <summary>Of GET /distribution/{name}/json: what the engine itself learnt at the registry.</summary>
internal sealed record DistributionDetails
{
    public DistributionDescriptor? Descriptor { get; init; }

    public IReadOnlyList<DistributionPlatform>? Platforms { get; init; }
}

internal sealed record DistributionDescriptor
{
    [JsonPropertyName("digest")]
    public string? Digest { get; init; }
}

internal sealed record DistributionPlatform
{
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("os")]
    public string? Os { get; init; }
}
