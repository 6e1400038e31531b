using System.Text.Json.Serialization;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Body of POST /containers/create.</summary>
internal sealed record CreateContainer
{
    public required string Image { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    public string? User { get; init; }

    public string? Hostname { get; init; }

    public string? StopSignal { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public HealthcheckConfig? Healthcheck { get; init; }

    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    public required HostConfig HostConfig { get; init; }

    public NetworkingConfig? NetworkingConfig { get; init; }
}

internal sealed record EmptyObject
{
    public static readonly EmptyObject Instance = new();
}

internal sealed record HealthcheckConfig(IReadOnlyList<string> Test);

internal sealed record NetworkingConfig(IReadOnlyDictionary<string, EndpointRequest> EndpointsConfig);

internal sealed record EndpointRequest
{
    /// <summary>Null: the engine chooses.</summary>
    [JsonPropertyName("IPAMConfig")]
    public EndpointAddress? Ipam { get; init; }
}

internal sealed record EndpointAddress([property: JsonPropertyName("IPv4Address")] string Ipv4Address);

internal sealed record HostConfig
{
    public required string NetworkMode { get; init; }

    public bool? Init { get; init; }

    public bool? ReadonlyRootfs { get; init; }

    public IReadOnlyList<string>? CapDrop { get; init; }

    public IReadOnlyList<string>? CapAdd { get; init; }

    public IReadOnlyList<string>? SecurityOpt { get; init; }

    public long? PidsLimit { get; init; }

    public long? CpuPeriod { get; init; }

    public long? CpuQuota { get; init; }

    public long? Memory { get; init; }

    public long? MemorySwap { get; init; }

    public int? OomScoreAdj { get; init; }

    public RestartPolicy RestartPolicy { get; init; } = new("no");

    public LogConfig? LogConfig { get; init; }

    public IReadOnlyList<MountConfig>? Mounts { get; init; }

    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? ExtraHosts { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    public IReadOnlyList<Ulimit>? Ulimits { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>>? PortBindings { get; init; }
}

internal sealed record RestartPolicy(string Name);

internal sealed record LogConfig(string Type, IReadOnlyDictionary<string, string>? Config = null);

internal sealed record MountConfig(string Type, string Source, string Target, bool ReadOnly)
{
    public VolumeOptions? VolumeOptions { get; init; }
}

/// <summary>Of a volume that is made when it is missing.</summary>
internal sealed record VolumeOptions
{
    /// <summary>What the image has at its place is not copied into it.</summary>
    public bool NoCopy { get; init; } = true;

    public required VolumeDriver DriverConfig { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record VolumeDriver(string Name, IReadOnlyDictionary<string, string> Options);

internal sealed record Ulimit(string Name, long Soft, long Hard);

internal sealed record PortBinding(string HostIp, string HostPort);

internal sealed record CreatedContainer(string Id);

/// <summary>An element of GET /containers/json.</summary>
internal sealed record ContainerSummary
{
    public required string Id { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>exited</c>, <c>dead</c>, <c>removing</c>, <c>restarting</c>.</summary>
    public string State { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyList<PublishedPort>? Ports { get; init; }

    public NetworkSettings? NetworkSettings { get; init; }
}

internal sealed record PublishedPort
{
    [JsonPropertyName("IP")]
    public string? Ip { get; init; }

    public int PrivatePort { get; init; }

    public int? PublicPort { get; init; }
}

internal sealed record NetworkSettings
{
    public IReadOnlyDictionary<string, EndpointSettings?>? Networks { get; init; }
}

internal sealed record EndpointSettings
{
    [JsonPropertyName("IPAddress")]
    public string? IpAddress { get; init; }
}

/// <summary>Of GET /containers/{id}/json, what is used.</summary>
internal sealed record ContainerDetails
{
    public required string Id { get; init; }

    public required ContainerState State { get; init; }

    public ContainerConfig? Config { get; init; }

    public ContainerSize? HostConfig { get; init; }
}

internal sealed record ContainerConfig
{
    /// <summary>Of the program: empty for root.</summary>
    public string? User { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

internal sealed record ContainerState
{
    public string Status { get; init; } = "";

    public bool Paused { get; init; }

    [JsonPropertyName("OOMKilled")]
    public bool OutOfMemory { get; init; }

    public int Pid { get; init; }

    public int ExitCode { get; init; }

    public string? Error { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset FinishedAt { get; init; }
}
