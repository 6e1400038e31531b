namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>How much there may be. EC2's own numbers, except that those it raises on request are high from the beginning.</summary>
internal static class Ec2Quotas
{
    /// <summary>Per region (EC2: 5, adjustable).</summary>
    public const int Vpcs = 100;

    public const int SubnetsPerVpc = 200;

    public const int GroupsPerVpc = 500;

    /// <summary>In each direction.</summary>
    public const int RulesPerGroup = 60;

    public const int RouteTablesPerVpc = 200;

    public const int RoutesPerTable = 50;

    /// <summary>Per region.</summary>
    public const int InternetGateways = 100;

    /// <summary>Per VPC.</summary>
    public const int NatGateways = 50;

    /// <summary>Per VPC.</summary>
    public const int Endpoints = 50;

    public const int Tags = 50;
}
