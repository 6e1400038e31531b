using System.Text.Json.Serialization;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Body of POST /networks/create.</summary>
internal sealed record CreateNetwork
{
    public required string Name { get; init; }

    // Before API 1.44 the engine makes a second network of the same name without it; later engines ignore it.
    public bool CheckDuplicate { get; init; } = true;

    public string Driver { get; init; } = "bridge";

    [JsonPropertyName("IPAM")]
    public required IpamConfig Ipam { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record IpamConfig
{
    public string Driver { get; init; } = "default";

    public IReadOnlyList<IpamPool>? Config { get; init; }
}

internal sealed record IpamPool(string? Subnet, string? Gateway);

internal sealed record CreatedNetwork(string Id);

internal sealed record NetworkDetails
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    [JsonPropertyName("IPAM")]
    public IpamConfig? Ipam { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The running ones that are attached.</summary>
    public IReadOnlyDictionary<string, NetworkMember>? Containers { get; init; }
}

/// <param name="Ipv4Address">With the length of the network's prefix: <c>10.213.0.2/22</c>; empty without one.</param>
internal sealed record NetworkMember([property: JsonPropertyName("IPv4Address")] string? Ipv4Address);
