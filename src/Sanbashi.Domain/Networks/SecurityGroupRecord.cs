namespace Sanbashi.Domain.Networks;

public sealed record SecurityGroupRecord : NetworkResource
{
    /// <summary>Each VPC has one of this name, which nobody can delete.</summary>
    public const string DefaultName = "default";

    public required string VpcId { get; init; }

    /// <summary>Unique within its VPC.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    public bool IsDefault => Name == DefaultName;
}
