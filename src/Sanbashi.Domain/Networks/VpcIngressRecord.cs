using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Networks;

/// <summary>Lets a private service be called through an endpoint of a VPC.</summary>
public sealed record VpcIngressRecord : NetworkResource
{
    public required ResourceScope Scope { get; init; }

    public required string Name { get; init; }

    public required string ServiceId { get; init; }

    public required string ServiceArn { get; init; }

    /// <summary>The first label of the service's host name.</summary>
    public required string HostLabel { get; init; }

    public required string VpcId { get; init; }

    public required string EndpointId { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public bool IsActive => DeletedAt is null;

    public string Arn => $"{Arns.Prefix(Scope)}vpcingressconnection/{Name}/{Id}";

    /// <summary>What the service is called within the VPC.</summary>
    public string DomainName(string platformDomain) => $"{HostLabel}.{EndpointId}.{platformDomain}";
}
