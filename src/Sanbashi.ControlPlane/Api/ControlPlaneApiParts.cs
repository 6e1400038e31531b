using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Api;

/// <summary>What the API works with.</summary>
public sealed record ControlPlaneApiParts
{
    public required ServiceDocuments Documents { get; init; }

    public required SecretCapability Secrets { get; init; }

    public required NetworkCapability Networks { get; init; }

    public required ControlPlaneOptions Options { get; init; }

    public required IServiceReconcilers Reconcilers { get; init; }

    public required IServiceLog Log { get; init; }

    public required LogStore LogStore { get; init; }

    public required IInstanceDirectory Instances { get; init; }

    public required IGatewayReports Gateways { get; init; }

    public required IContainerEngine Engine { get; init; }

    /// <summary>Who may sign, and who may do what. Its owner disposes of it.</summary>
    public required IdentityCapability Identity { get; init; }

    /// <summary>What instances use. Default: nothing is known.</summary>
    public ResourceBoard Resources { get; init; } = new();

    /// <summary>The traffic of the last seconds. Default: none.</summary>
    public LiveTraffic Live { get; init; } = new();

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Default: random ids.</summary>
    public IIdGenerator Ids { get; init; } = new RandomIdGenerator();

    public ApiQuotas Quotas { get; init; } = new();
}
