using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines;

public sealed record EngineInstance
{
    public required InstanceIdentity Identity { get; init; }

    public required EngineInstanceState State { get; init; }

    /// <summary>Where the platform reaches the port, <c>host:port</c>; null without a port or before it is known.</summary>
    public string? Endpoint { get; init; }

    public required IReadOnlyList<EngineContainer> Containers { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
}

public enum EngineInstanceState
{
    /// <summary>Some part exists, but not everything has been started, or only some of it is frozen. Starting it again completes it.</summary>
    Incomplete,

    /// <summary>Everything exists and the holder runs, but no container was ever started.</summary>
    Standby,
    Running,

    /// <summary>Every container is paused.</summary>
    Frozen,

    /// <summary>A container or the holder has ended.</summary>
    Exited,
}
