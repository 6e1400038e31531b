using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Networks;

/// <summary>Something in the networks of one account and region; what its id begins with tells its kind.</summary>
[JsonDerivedType(typeof(VpcRecord), "vpc")]
[JsonDerivedType(typeof(SubnetRecord), "subnet")]
[JsonDerivedType(typeof(SecurityGroupRecord), "security-group")]
[JsonDerivedType(typeof(SecurityGroupRuleRecord), "security-group-rule")]
[JsonDerivedType(typeof(RouteTableRecord), "route-table")]
[JsonDerivedType(typeof(InternetGatewayRecord), "internet-gateway")]
[JsonDerivedType(typeof(NatGatewayRecord), "natgateway")]
[JsonDerivedType(typeof(VpcEndpointRecord), "vpc-endpoint")]
[JsonDerivedType(typeof(VpcConnectorRecord), "vpc-connector")]
[JsonDerivedType(typeof(VpcIngressRecord), "vpc-ingress")]
[JsonDerivedType(typeof(RegionRecord), "region")]
public abstract record NetworkResource
{
    /// <summary>For example <c>vpc-</c> and 17 hex digits.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
