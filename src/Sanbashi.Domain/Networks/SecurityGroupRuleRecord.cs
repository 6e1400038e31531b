namespace Sanbashi.Domain.Networks;

/// <summary>What one rule lets in or out, and its own id and tags.</summary>
public sealed record SecurityGroupRuleRecord : NetworkResource
{
    public required string GroupId { get; init; }

    public required bool IsEgress { get; init; }

    public required SecurityGroupPermission Permission { get; init; }

    public string? Description { get; init; }
}
