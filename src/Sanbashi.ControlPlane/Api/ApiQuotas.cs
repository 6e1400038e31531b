namespace Sanbashi.ControlPlane.Api;

/// <summary>How much one account may have in one region. App Runner's adjustable quotas are high here: the machine is the limit that counts.</summary>
public sealed record ApiQuotas
{
    /// <summary>Services that are not deleted. Default 1000 (App Runner: 30, adjustable).</summary>
    public int Services { get; init; } = 1000;

    /// <summary>Names of auto scaling configurations. Default 200 (App Runner: 10, adjustable).</summary>
    public int AutoScalingConfigurations { get; init; } = 200;

    /// <summary>Active VPC connectors. Default 100 (App Runner: 10, adjustable).</summary>
    public int VpcConnectors { get; init; } = 100;

    /// <summary>VPC ingress connections. Default 100; App Runner has one per service.</summary>
    public int VpcIngressConnections { get; init; } = 100;

    /// <summary>Active revisions of one auto scaling configuration. Default 100 (App Runner: 5, not adjustable).</summary>
    public int AutoScalingRevisions { get; init; } = 100;
}
