using System.Text.Json.Serialization;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Of GET /containers/{id}/stats, what is used.</summary>
internal sealed record ContainerStats
{
    [JsonPropertyName("cpu_stats")]
    public CpuStats? Cpu { get; init; }

    [JsonPropertyName("memory_stats")]
    public MemoryStats? Memory { get; init; }
}

internal sealed record CpuStats
{
    [JsonPropertyName("cpu_usage")]
    public CpuUsage? Usage { get; init; }
}

internal sealed record CpuUsage
{
    /// <summary>Nanoseconds.</summary>
    [JsonPropertyName("total_usage")]
    public ulong Total { get; init; }
}

internal sealed record MemoryStats
{
    [JsonPropertyName("usage")]
    public long Usage { get; init; }

    /// <summary>The kernel's <c>memory.stat</c>, which engines may leave out.</summary>
    [JsonPropertyName("stats")]
    public IReadOnlyDictionary<string, ulong>? Details { get; init; }
}

/// <summary>The limits in an inspected container; zero is none.</summary>
internal sealed record ContainerSize
{
    public long CpuPeriod { get; init; }

    public long CpuQuota { get; init; }

    public long Memory { get; init; }
}
