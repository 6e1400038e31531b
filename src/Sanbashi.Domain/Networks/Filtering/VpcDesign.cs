namespace Sanbashi.Domain.Networks;

/// <param name="Plan">The VPC's CIDR, which is not what its members have for addresses.</param>
public sealed record VpcDesign(string Id, Ipv4Block Plan, IReadOnlyList<SubnetDesign> Subnets, IReadOnlyList<GroupDesign> Groups)
{
    public IReadOnlyList<EndpointDesign> Endpoints { get; init; } = [];
}
