using System.Text.Json.Serialization;

namespace Sanbashi.Engines.Docker.Api;

internal sealed record EngineError
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>GET /version.</summary>
internal sealed record VersionDetails
{
    public string Version { get; init; } = "";

    public string Arch { get; init; } = "";

    public string Os { get; init; } = "";

    public IReadOnlyList<VersionComponent>? Components { get; init; }
}

internal sealed record VersionComponent(string? Name);

/// <summary>GET /info.</summary>
internal sealed record SystemDetails
{
    public string Name { get; init; } = "";

    [JsonPropertyName("NCPU")]
    public int CpuCount { get; init; }

    public long MemTotal { get; init; }

    public string? OperatingSystem { get; init; }

    [JsonPropertyName("OSType")]
    public string? OsType { get; init; }

    public string? CgroupVersion { get; init; }

    public IReadOnlyList<string>? SecurityOptions { get; init; }

    public RegistrySettings? RegistryConfig { get; init; }
}

internal sealed record RegistrySettings
{
    public IReadOnlyDictionary<string, RegistrySetting?>? IndexConfigs { get; init; }
}

internal sealed record RegistrySetting
{
    public bool Secure { get; init; } = true;
}

/// <summary>A line of GET /events.</summary>
internal sealed record EventMessage
{
    public string? Type { get; init; }

    public string? Action { get; init; }

    public EventActor? Actor { get; init; }
}

internal sealed record EventActor
{
    [JsonPropertyName("ID")]
    public string? Id { get; init; }

    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}

internal sealed record CreateVolume(string Name, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Null: a folder on the engine's disk.</summary>
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
}

internal sealed record VolumeDetails
{
    public required string Name { get; init; }

    /// <summary>Those of its driver.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

internal sealed record VolumeList
{
    public IReadOnlyList<VolumeDetails>? Volumes { get; init; }
}

/// <summary>Body of POST /containers/{id}/exec.</summary>
internal sealed record CreateExec
{
    public bool AttachStdin { get; init; } = true;

    public bool AttachStdout { get; init; } = true;

    public bool AttachStderr { get; init; } = true;

    public required bool Tty { get; init; }

    public required IReadOnlyList<string> Cmd { get; init; }

    public IReadOnlyList<string>? Env { get; init; }
}

internal sealed record StartExec(bool Detach, bool Tty);

internal sealed record CreatedExec(string Id);

internal sealed record ExecDetails
{
    public bool Running { get; init; }

    public int? ExitCode { get; init; }
}
