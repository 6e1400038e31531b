namespace Sanbashi.Domain.Networks;

/// <summary>A container in a VPC.</summary>
/// <param name="Address">Its real one, as a number.</param>
/// <param name="SubnetId">Null: in none, so that it has no way out of the VPC.</param>
/// <param name="IsReachable">Whether others in the VPC may open connections to it, as its groups say. Instances of services are reached through the gateway only.</param>
public sealed record VpcMember(string VpcId, uint Address, string? SubnetId, IReadOnlyList<string> GroupIds, bool IsReachable);
