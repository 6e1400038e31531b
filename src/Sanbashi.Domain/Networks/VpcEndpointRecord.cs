namespace Sanbashi.Domain.Networks;

/// <summary>An interface in a VPC's subnets through which private services are reached.</summary>
public sealed record VpcEndpointRecord : NetworkResource
{
    public required string VpcId { get; init; }

    public required string ServiceName { get; init; }

    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    public IReadOnlyList<string> GroupIds { get; init; } = [];

    /// <summary>One per subnet, in their order.</summary>
    public IReadOnlyList<string> InterfaceIds { get; init; } = [];

    public bool HasPrivateDns { get; init; } = true;
}
