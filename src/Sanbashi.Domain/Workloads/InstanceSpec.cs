using Sanbashi.Domain.Networks;

namespace Sanbashi.Domain.Workloads;

/// <summary>What one instance of a revision consists of. Everything that is fixed when a revision is made; immutable.</summary>
public sealed record InstanceSpec
{
    /// <summary>The main container first.</summary>
    public required IReadOnlyList<ContainerSpec> Containers { get; init; }

    public required InstanceSize Size { get; init; }

    /// <summary>The port on which the main container answers; null for a workload without one.</summary>
    public int? Port { get; init; }

    /// <summary>Where the main container finds <see cref="SecretFiles"/>.</summary>
    public const string SecretsFolder = "/run/secrets";

    /// <summary>Contents by name, which the main container's user alone can read, and which are in memory only.</summary>
    public IReadOnlyDictionary<string, string> SecretFiles { get; init; } = new Dictionary<string, string>();

    /// <summary>Host folders and named volumes that containers mount.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>The VPC that it is in; null: the installation's own network.</summary>
    public NetworkAttachment? Network { get; init; }

    /// <summary>Between SIGTERM and SIGKILL. Default 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

public sealed record ContainerSpec
{
    public const string Main = "main";

    public required string Name { get; init; }

    /// <summary>What the engine starts: an image id or a digest reference that is on the machine.</summary>
    public required string Image { get; init; }

    /// <summary>Replaces the image's command, already split into arguments; null keeps it.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Replaces the image's entrypoint; null keeps it.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>The size of one instance; several containers share it.</summary>
/// <param name="CpuUnits">1024 units are one virtual CPU.</param>
/// <param name="MemoryMegabytes">Mebibytes.</param>
public sealed record InstanceSize(int CpuUnits, int MemoryMegabytes);

/// <param name="Source">A volume name, or an absolute host path when <paramref name="IsHostPath"/>.</param>
public sealed record VolumeMount(string Source, string Target, bool ReadOnly, bool IsHostPath);

/// <summary>Whose an instance is; carried by its containers as labels, so that everything can be recovered from the engine.</summary>
/// <param name="InstanceId">32 hex digits.</param>
public sealed record InstanceIdentity(string InstanceId, string ServiceId, string ServiceName, int Revision);
