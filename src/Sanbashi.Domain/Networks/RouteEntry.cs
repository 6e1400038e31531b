namespace Sanbashi.Domain.Networks;

/// <param name="Destination">A block in normal form.</param>
/// <param name="Target">The id of an internet gateway or a NAT gateway.</param>
public sealed record RouteEntry(string Destination, string Target);
