using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The part of EC2 that networks are made of.</summary>
internal static class Ec2Api
{
    public static ApiService Create(NetworkDirectory directory)
    {
        var calls = new Ec2Calls(directory);
        var api = new ApiService(ServiceModel.LoadEmbedded("ec2"));
        new RegionApi(calls).Register(api);
        new VpcApi(calls).Register(api);
        new SubnetApi(calls).Register(api);
        new SecurityGroupApi(calls).Register(api);
        new SecurityGroupRuleApi(calls).Register(api);
        new RouteTableApi(calls).Register(api);
        new InternetGatewayApi(calls).Register(api);
        new NatGatewayApi(calls).Register(api);
        new VpcEndpointApi(calls).Register(api);
        new Ec2TagApi(calls).Register(api);
        return api;
    }
}
