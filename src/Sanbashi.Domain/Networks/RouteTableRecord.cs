namespace Sanbashi.Domain.Networks;

public sealed record RouteTableRecord : NetworkResource
{
    public required string VpcId { get; init; }

    /// <summary>Besides the one to the VPC itself, which every table has.</summary>
    public IReadOnlyList<RouteEntry> Routes { get; init; } = [];

    public IReadOnlyList<RouteTableAssociationEntry> Associations { get; init; } = [];

    public bool IsMain => Associations.Any(association => association.SubnetId is null);
}
