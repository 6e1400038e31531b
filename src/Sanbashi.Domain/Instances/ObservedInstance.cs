namespace Sanbashi.Domain.Instances;

/// <summary>One instance as it is seen now: from the engine, the probes and the gateways' reports.</summary>
public sealed record ObservedInstance
{
    public required string Id { get; init; }

    public required int Revision { get; init; }

    public required InstancePhase Phase { get; init; }

    /// <summary><c>host:port</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>When the engine started it, or when it was thawed.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public HealthState Health { get; init; } = HealthState.Unproven;

    /// <summary>For <see cref="InstancePhase.Exited"/>.</summary>
    public InstanceExit? Exit { get; init; }

    /// <summary>Over all gateways; null while none has reported.</summary>
    public int? InFlight { get; init; }

    /// <summary>Since when it takes no new requests; null while it does, or never did.</summary>
    public DateTimeOffset? DrainingSince { get; init; }

    /// <summary>When it last had a request or an exec session, as far as that is known; null while it is not.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>It was well when it was frozen and is being thawed to take requests.</summary>
    public bool IsWaking { get; init; }

    /// <summary>It is well and is being frozen: it can take requests again as soon as that is done and undone.</summary>
    public bool IsFallingAsleep { get; init; }

    /// <summary>An engine call for it is under way; nothing else may be asked of it.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Commands that people started run in it: freezing it would freeze them.</summary>
    public bool HasCommands { get; init; }

    /// <summary>Ports that something listens on while the configured one is silent; empty when unknown.</summary>
    public IReadOnlyList<int> OtherPorts { get; init; } = [];

    /// <summary>Since when <see cref="OtherPorts"/> were seen.</summary>
    public DateTimeOffset? OtherPortsSince { get; init; }

    public bool IsHealthy => Phase == InstancePhase.Running && Health.Status == HealthStatus.Healthy;
}

public enum InstancePhase
{
    /// <summary>Being made while <see cref="ObservedInstance.IsBusy"/>; otherwise left half made or half removed by an attempt that was cut off.</summary>
    Starting,

    /// <summary>Made, with its network and containers, but nothing in it has ever been started.</summary>
    Standby,
    Running,
    Frozen,
    Exited,
    Stopping,
}

public sealed record InstanceExit(int? ExitCode, bool OutOfMemory, string? Error)
{
    /// <summary>Shells and container runtimes say with 126 and 127 that the command cannot be run: another attempt finds the same.</summary>
    public bool CannotEverStart => ExitCode is 126 or 127;
}
