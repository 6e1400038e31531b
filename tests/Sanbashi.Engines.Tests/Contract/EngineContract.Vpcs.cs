using System.Text.Json.Nodes;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    private const string OpenSubnet = "subnet-open";
    private const string IsolatedSubnet = "subnet-isolated";

    [Fact]
    public async Task Vpc_Members_ReachWhatGroupsAndRoutesSay()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "networks of VPCs need root and nft");
        await using var installation = Install();
        await using var raw = RawEngine.Connect(host.RequireSocket());
        var vpc = $"vpc-{Guid.NewGuid():n}"[..21];
        await installation.Engine.ApplyNetworks(Vpc(vpc, "sg-app"), None);
        var network = await NetworkOf(raw, vpc);
        var database = await raw.Run(host.Image, network, ["httpd", "-f", "-p", "8080", "-h", "/www"], ("sanbashi.security-groups", "sg-db"), ("sanbashi.subnet", IsolatedSubnet));
        try
        {
            var app = await installation.Start(In(vpc, OpenSubnet, "sg-app"));
            var isolated = await installation.Start(In(vpc, IsolatedSubnet, "sg-app"));
            var stranger = await installation.Start(In(vpc, OpenSubnet, "sg-other"));
            var unrelated = await installation.Start(installation.Web());
            await installation.Engine.ApplyNetworks(Vpc(vpc, "sg-app"), None);

            // The platform reaches instances, the app its database; nobody else does, and nothing reaches the app.
            await installation.Get(app);
            await Eventually.Is(() => Fetches(app, database.Address), "the app reaches its database");
            await Eventually.Is(() => Fetches(isolated, database.Address), "an isolated instance reaches it within the network");
            (await Fetches(stranger, database.Address)).ShouldBeFalse();
            (await Fetches(unrelated, database.Address)).ShouldBeFalse();
            (await Fetches(stranger, app.Endpoint!.Split(':')[0])).ShouldBeFalse();
            (await Fetches(unrelated, app.Endpoint!.Split(':')[0])).ShouldBeFalse();
            (await Fetches(app, unrelated.Endpoint!.Split(':')[0])).ShouldBeFalse();

            // A rule that is taken back is gone for those that run.
            await installation.Engine.ApplyNetworks(Vpc(vpc, "sg-nobody"), None);
            (await Fetches(app, database.Address)).ShouldBeFalse();
            await installation.Engine.ApplyNetworks(Vpc(vpc, "sg-app"), None);
            await Eventually.Is(() => Fetches(app, database.Address), "the app reaches its database");
        }
        finally
        {
            await raw.Delete($"/containers/{database.Id}?force=1");
        }

        // Not with wget, which this static busybox ends in a fault.
        async Task<bool> Fetches(EngineInstance instance, string address) =>
            (await installation.Run(instance, "sh", "-c", $"printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' | nc -w 1 {address} 8080")).Output.Contains("hello from an instance", StringComparison.Ordinal);

        InstanceSpec In(string vpcId, string subnet, string group) => installation.Web() with { Network = new NetworkAttachment(vpcId, [subnet], [group]) };
    }

    [Fact]
    public async Task Vpc_WantedNoMore_LeavesNothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "networks of VPCs need root and nft");
        await using var installation = Install();
        await using var raw = RawEngine.Connect(host.RequireSocket());
        var vpc = $"vpc-{Guid.NewGuid():n}"[..21];
        await installation.Engine.ApplyNetworks(Vpc(vpc, "sg-app"), None);
        await NetworkOf(raw, vpc);

        await installation.Engine.ApplyNetworks(NetworkDesign.Empty, None);

        JsonNode.Parse(await raw.Get($"/networks?filters={Uri.EscapeDataString($$"""{"label":["sanbashi.vpc={{vpc}}"]}""")}"))!.AsArray().ShouldBeEmpty();
        (await Should.ThrowAsync<EngineException>(() => installation.Start(installation.Web() with { Network = new NetworkAttachment(vpc, [OpenSubnet], []) }))).Message.ShouldContain("There is no network of vpc-");
    }

    private static async Task<string> NetworkOf(RawEngine raw, string vpc) =>
        (string)JsonNode.Parse(await raw.Get($"/networks?filters={Uri.EscapeDataString($$"""{"label":["sanbashi.vpc={{vpc}}"]}""")}"))!.AsArray().ShouldHaveSingleItem()!["Name"]!;

    /// <summary>A database that listens to one group.</summary>
    private static NetworkDesign Vpc(string vpc, string allowed)
    {
        var everything = new SecurityGroupPermission("-1", null, null, new SecurityGroupPeer { Cidr = "0.0.0.0/0" });
        return new NetworkDesign(
        [
            new VpcDesign(
                vpc,
                Ipv4Block.Parse("10.0.0.0/16"),
                [
                    new SubnetDesign(OpenSubnet, Ipv4Block.Parse("10.0.1.0/24"), [new RouteDesign(Ipv4Block.Parse("0.0.0.0/0"), true)]),
                    new SubnetDesign(IsolatedSubnet, Ipv4Block.Parse("10.0.2.0/24"), []),
                ],
                [
                    new GroupDesign("sg-app", [everything], [everything]),
                    new GroupDesign("sg-other", [everything], [everything]),
                    new GroupDesign("sg-db", [new SecurityGroupPermission("tcp", 8080, 8080, new SecurityGroupPeer { GroupId = allowed })], []),
                ]),
        ]);
    }
}
