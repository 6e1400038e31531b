using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.InstanceEndpoint;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Services;

/// <summary>What all service reconcilers share.</summary>
public sealed record ReconcilerDependencies
{
    public required ServiceDocuments Documents { get; init; }

    public required IContainerEngine Engine { get; init; }

    public required EngineObserver Observer { get; init; }

    public required HealthMonitor Health { get; init; }

    public required IRoutePublisher Routes { get; init; }

    public required IServiceLog Log { get; init; }

    public required IInstanceLogs InstanceLogs { get; init; }

    public required ImageHolds Holds { get; init; }

    public required IServiceSecrets Secrets { get; init; }

    /// <summary>Default: instances are told nothing.</summary>
    public IInstanceVariables Variables { get; init; } = new NoInstanceVariables();

    public InstanceUse Use { get; init; } = new();

    public required IIdGenerator Ids { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger<ServiceReconciler> Logger { get; init; }

    /// <summary>When this process began to watch; operations that are older are being continued.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The effective settings of a service, from its tags and settings.</summary>
    public required Func<ServiceRecord, ServiceSettings> EffectiveSettings { get; init; }

    /// <summary>The host names that lead to a service.</summary>
    public required Func<ServiceRecord, IReadOnlyList<string>> Hosts { get; init; }

    /// <summary>What instances use.</summary>
    public ResourceBoard Resources { get; init; } = new();

    public Func<bool> CanFreeze { get; init; } = () => true;

    /// <summary>Memory that the machine has available, in bytes; null where that is not known.</summary>
    public Func<long?> FreeMemory { get; init; } = () => null;

    /// <summary>The control plane is about to stop.</summary>
    public Func<bool> IsClosing { get; init; } = () => false;

    /// <summary>Completes when the engine has the networks as they are wanted now. Default: at once.</summary>
    public Func<CancellationToken, Task> NetworksSettled { get; init; } = _ => Task.CompletedTask;

    public DeploymentMetrics Metrics { get; init; } = new();
}
