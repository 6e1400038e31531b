namespace Sanbashi.Domain.Networks;

public sealed record NatGatewayRecord : NetworkResource
{
    public required string VpcId { get; init; }

    public required string SubnetId { get; init; }

    /// <summary>A private one does not lead to the internet.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>As given; nothing here allocates addresses.</summary>
    public string? AllocationId { get; init; }

    public required string PrivateIp { get; init; }

    /// <summary>Deleted ones are described for an hour, or until the next one is made.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
