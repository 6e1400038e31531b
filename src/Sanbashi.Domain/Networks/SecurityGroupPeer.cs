namespace Sanbashi.Domain.Networks;

/// <summary>The other side of a rule: exactly one of the three.</summary>
public sealed record SecurityGroupPeer
{
    public string? Cidr { get; init; }

    /// <summary>Kept and shown; there is no IPv6 in the networks, so it allows nothing.</summary>
    public string? Cidr6 { get; init; }

    public string? GroupId { get; init; }

    public override string ToString() => Cidr ?? Cidr6 ?? GroupId ?? "";
}
