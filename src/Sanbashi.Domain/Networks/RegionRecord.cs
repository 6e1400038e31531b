namespace Sanbashi.Domain.Networks;

/// <summary>Says that the region has been given its default VPC, so that one that was deleted does not come back.</summary>
public sealed record RegionRecord : NetworkResource
{
    public const string TheId = "region";
}
