namespace Sanbashi.ControlPlane.Gateways;

/// <summary>Bounds of the gateway link's server side.</summary>
public static class GatewayHubDefaults
{
    /// <summary>A gateway that has not acknowledged a route after this time is disconnected; it comes back and starts from a snapshot.</summary>
    public static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a gateway that was lost may still serve what it had: it tries to come back at least every two seconds. Until then nobody knows what is in
    /// flight on it. Shorter than <see cref="Domain.Deployments.DeploymentDefaults.DrainGrace"/> allows for.
    /// </summary>
    public static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(5);

    /// <summary>Time for a new connection to say hello.</summary>
    public static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Messages waiting for a gateway; one that falls further behind is disconnected.</summary>
    public const int OutboundMessages = 10_000;

    /// <summary>One message of a gateway, in bytes; a report of 20,000 services is about 8 MB.</summary>
    public const int MaxMessageBytes = 64 * 1024 * 1024;

    /// <summary>Gateways whose last counters are remembered after they have gone, to tell a reconnected one from a restarted one.</summary>
    public const int RememberedGateways = 64;
}
