namespace Sanbashi.Domain.Networks;

/// <param name="Id"><c>rtbassoc-</c> and 17 hex digits.</param>
/// <param name="SubnetId">Null: the VPC's main table, for every subnet without a table of its own.</param>
public sealed record RouteTableAssociationEntry(string Id, string? SubnetId);
