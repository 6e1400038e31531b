using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;

namespace Sanbashi.ControlPlane.Tests.Networks;

/// <summary>Makes networks in a region of its own.</summary>
internal sealed class Ec2Lab
{
    public Ec2Lab(ApiHost host)
    {
        AppRunner = host.NewRegion();
        Ec2 = new QueryClient(host, ApiHost.Root, AppRunner.Region);
    }

    public ApiClient AppRunner { get; }

    public QueryClient Ec2 { get; }

    public async Task<string> Vpc(string cidr = "10.0.0.0/16") => (await Ec2.Ec2("CreateVpc", ("CidrBlock", cidr))).Text("vpcId");

    public async Task<string> Subnet(string vpc, string cidr) => (await Ec2.Ec2("CreateSubnet", ("VpcId", vpc), ("CidrBlock", cidr))).Text("subnetId");

    public async Task<string> Group(string vpc, string name) =>
        (await Ec2.Ec2("CreateSecurityGroup", ("VpcId", vpc), ("GroupName", name), ("GroupDescription", $"of {name}"))).Text("groupId");

    /// <summary>The ids of what a Describe operation finds with one filter.</summary>
    public async Task<IReadOnlyList<string>> Find(string action, string list, string idElement, string filter, string value) =>
        [.. (await Ec2.Ec2(action, ("Filter.1.Name", filter), ("Filter.1.Value.1", value))).Items(list).Select(item => item.Text(idElement))];
}
