using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Simulation;

internal enum PartState
{
    Missing,
    Created,
    Running,
    Paused,
    Ended,
}

/// <summary>A holder and its container as the engine has them.</summary>
internal sealed class SimulatedInstance(InstanceIdentity identity, string address)
{
    private readonly Dictionary<SimulatedProcess, int> _successes = [];

    public InstanceIdentity Identity => identity;

    public string Id => identity.InstanceId;

    public string Address => address;

    public PartState Holder { get; set; } = PartState.Created;

    public PartState Container { get; set; } = PartState.Missing;

    public Application? Application { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public int? ExitCode { get; set; }

    public string? Error { get; set; }

    public bool OutOfMemory { get; set; }

    /// <summary>Counts starts of the container, so that what was set up for an earlier one can tell.</summary>
    public int Start { get; set; }

    /// <summary>SIGTERM has been sent.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Some control plane has seen as many good answers in a row as the health check asks for, since the last start or thaw.</summary>
    public bool IsProven { get; private set; }

    /// <summary>It was proven when it was frozen last, and has not ended since.</summary>
    public bool WasProvenBeforeItsSleep { get; private set; }

    /// <summary>It was of the serving revision when it was thawed last.</summary>
    public bool WasWoken { get; set; }

    public bool IsRunning => Holder == PartState.Running && Container == PartState.Running;

    public string Short => identity.InstanceId[..8];

    public void Saw(SimulatedProcess prober, bool isHealthy, int threshold)
    {
        var successes = isHealthy ? _successes.GetValueOrDefault(prober) + 1 : 0;
        _successes[prober] = successes;
        IsProven |= successes >= threshold;
    }

    public void FallAsleep()
    {
        WasProvenBeforeItsSleep |= IsProven;
        Unprove();
    }

    public void Unprove()
    {
        _successes.Clear();
        IsProven = false;
    }

    public EngineInstance View() => new()
    {
        Identity = identity,
        State = State(),
        Endpoint = address,
        StartedAt = StartedAt,
        Containers = Container == PartState.Missing ? [] : [new EngineContainer(ContainerSpec.Main, ContainerState(), ExitCode, OutOfMemory, Error, StartedAt, null)],
    };

    private EngineInstanceState State() => this switch
    {
        { Holder: PartState.Ended, Container: PartState.Created } => EngineInstanceState.Incomplete,
        { Holder: PartState.Ended } or { Container: PartState.Ended } => EngineInstanceState.Exited,
        { Holder: not PartState.Running } => EngineInstanceState.Incomplete,
        { Container: PartState.Created } => EngineInstanceState.Standby,
        { Container: PartState.Running } => EngineInstanceState.Running,
        { Container: PartState.Paused } => EngineInstanceState.Frozen,
        _ => EngineInstanceState.Incomplete,
    };

    private EngineContainerState ContainerState() => Container switch
    {
        PartState.Created => EngineContainerState.Created,
        PartState.Running => EngineContainerState.Running,
        PartState.Paused => EngineContainerState.Paused,
        _ => EngineContainerState.Exited,
    };
}
