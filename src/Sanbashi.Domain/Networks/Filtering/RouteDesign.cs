namespace Sanbashi.Domain.Networks;

/// <param name="IsOpen">Whether it leads anywhere.</param>
public sealed record RouteDesign(Ipv4Block Destination, bool IsOpen);
