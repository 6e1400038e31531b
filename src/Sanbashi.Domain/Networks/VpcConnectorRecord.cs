using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Networks;

/// <summary>What gives services an address in a VPC. It never changes.</summary>
public sealed record VpcConnectorRecord : NetworkResource
{
    public required ResourceScope Scope { get; init; }

    /// <summary>Unique among those that are active.</summary>
    public required string Name { get; init; }

    public required string VpcId { get; init; }

    public required IReadOnlyList<string> SubnetIds { get; init; }

    public required IReadOnlyList<string> GroupIds { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public bool IsActive => DeletedAt is null;

    /// <summary>App Runner has one revision per name.</summary>
    public const int Revision = 1;

    public string Arn => $"{Arns.Prefix(Scope)}vpcconnector/{Name}/{Revision}/{Id}";

    public NetworkAttachment Attachment => new(VpcId, SubnetIds, GroupIds);
}
