namespace Sanbashi.Domain.Networks;

public sealed record VpcRecord : NetworkResource
{
    /// <summary>The address plan that its owner sees, as a block in normal form. Instances have other addresses.</summary>
    public required string Cidr { get; init; }

    public bool IsDefault { get; init; }

    public bool HasDnsSupport { get; init; } = true;

    public bool HasDnsHostnames { get; init; }

    public bool HasUsageMetrics { get; init; }

    public string Tenancy { get; init; } = "default";
}
