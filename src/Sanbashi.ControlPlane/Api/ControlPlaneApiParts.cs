using Sanbashi.ControlPlane.Services;

namespace Sanbashi.ControlPlane.Api;

/// <summary>What the API works with.</summary>
public sealed record ControlPlaneApiParts
{
    public required ServiceDocuments Documents { get; init; }

    public required ControlPlaneOptions Options { get; init; }

    public required IServiceReconcilers Reconcilers { get; init; }

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Default: random ids.</summary>
    public IIdGenerator Ids { get; init; } = new RandomIdGenerator();

    public ApiQuotas Quotas { get; init; } = new();
}
