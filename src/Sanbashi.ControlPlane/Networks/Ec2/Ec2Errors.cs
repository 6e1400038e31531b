using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>EC2's errors, with the codes and texts that clients look for. Its model lists none.</summary>
internal static class Ec2Errors
{
    public static ApiException Invalid(string message) => new("InvalidParameterValue", message);

    public static ApiException Combination(string message) => new("InvalidParameterCombination", message);

    public static ApiException Missing(string parameter) => new("MissingParameter", $"The request must contain the parameter {parameter}");

    public static ApiException Dependency(string message) => new("DependencyViolation", message);

    public static ApiException Unsupported(string message) => new("UnsupportedOperation", message);

    /// <param name="kind">As it is written in limits: <c>Vpc</c>, <c>Subnet</c>, ...</param>
    public static ApiException Limit(string kind, string message) => new($"{kind}LimitExceeded", message);

    /// <summary>What is not there, by what its id begins with.</summary>
    public static ApiException NotFound(string id) => id[..Math.Max(id.IndexOf('-', StringComparison.Ordinal), 0)] switch
    {
        "vpc" => new ApiException("InvalidVpcID.NotFound", $"The vpc ID '{id}' does not exist"),
        "subnet" => new ApiException("InvalidSubnetID.NotFound", $"The subnet ID '{id}' does not exist"),
        "sg" => new ApiException("InvalidGroup.NotFound", $"The security group '{id}' does not exist"),
        "sgr" => new ApiException("InvalidSecurityGroupRuleId.NotFound", $"The security group rule ID '{id}' does not exist"),
        "rtb" => new ApiException("InvalidRouteTableID.NotFound", $"The routeTable ID '{id}' does not exist"),
        "rtbassoc" => new ApiException("InvalidAssociationID.NotFound", $"The association ID '{id}' does not exist"),
        "igw" => new ApiException("InvalidInternetGatewayID.NotFound", $"The internetGateway ID '{id}' does not exist"),
        "nat" => new ApiException("NatGatewayNotFound", $"The Nat Gateway {id} was not found"),
        "vpce" => new ApiException("InvalidVpcEndpointId.NotFound", $"The Vpc Endpoint Id '{id}' does not exist"),
        "eni" => new ApiException("InvalidNetworkInterfaceID.NotFound", $"The networkInterface ID '{id}' does not exist"),
        _ => new ApiException("InvalidID", $"The ID '{id}' is not valid"),
    };
}
