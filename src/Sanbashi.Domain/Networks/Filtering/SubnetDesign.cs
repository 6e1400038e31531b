namespace Sanbashi.Domain.Networks;

/// <param name="Plan">Its CIDR, a part of the VPC's.</param>
/// <param name="Routes">Out of the VPC, the most specific first; what none of them is about cannot be reached.</param>
public sealed record SubnetDesign(string Id, Ipv4Block Plan, IReadOnlyList<RouteDesign> Routes);
