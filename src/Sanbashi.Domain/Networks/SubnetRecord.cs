namespace Sanbashi.Domain.Networks;

public sealed record SubnetRecord : NetworkResource
{
    public required string VpcId { get; init; }

    /// <summary>A part of its VPC's plan.</summary>
    public required string Cidr { get; init; }

    public required string AvailabilityZone { get; init; }

    public bool IsDefault { get; init; }

    /// <summary>Echoed only: nothing here has a public address of its own.</summary>
    public bool MapsPublicAddresses { get; init; }
}
