using System.Net;
using System.Net.Sockets;
using System.Text;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task Network_Instances_DoNotReachEachOther()
    {
        await using var installation = Install();
        var one = await installation.Start(installation.Web());
        var other = await installation.Start(installation.Web());
        await installation.Get(one);
        await installation.Get(other);

        // Its own server is asked in the same way, so that silence means something.
        (await Ask("127.0.0.1")).ShouldContain("200 OK");
        (await Ask(one.Endpoint!.Split(':')[0])).ShouldBeEmpty();

        async Task<string> Ask(string address) =>
            (await installation.Run(other, "sh", "-c", $"printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' | nc -w 1 {address} 8080")).Output;
    }

    [Fact]
    public async Task Network_Instance_ReachesOfTheMachineOnlyThePlatformsPorts()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "firewall rules need root and nft");
        using var open = Listen();
        using var closed = Listen();
        await using var installation = Install(options => options with
        {
            PlatformPorts = [Port(open)],
            InstanceHosts = new Dictionary<string, string> { ["platform.test"] = "gateway" },
        });
        var instance = await installation.Start(installation.Spec("sleep", "1000"));

        (await installation.Run(instance, "nc", "-w", "2", "platform.test", $"{Port(open)}")).Output.ShouldStartWith("welcome");
        (await installation.Run(instance, "nc", "-w", "1", "platform.test", $"{Port(closed)}")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Network_Instance_ReachesItsEndpointWithItsOwnAddress()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/nft"), "firewall rules need root and nft");
        using var listener = Listen(IPAddress.Loopback);
        await using var installation = Install(options => options with { InstanceEndpointPort = Port(listener) });
        await using var without = Install();
        var instance = await installation.Start(installation.Web());
        var other = await without.Start(without.Spec("sleep", "1000"));

        (await installation.Engine.HasInstanceEndpoint(None)).ShouldBeTrue();
        (await installation.Run(instance, "nc", "-w", "2", "169.254.170.2", "80")).Output.ShouldBe($"welcome {instance.Endpoint!.Split(':')[0]}");
        (await installation.Run(instance, "nc", "-w", "1", "169.254.170.2", $"{Port(listener)}")).Output.ShouldBeEmpty();
        (await without.Engine.HasInstanceEndpoint(None)).ShouldBeFalse();
        (await without.Run(other, "nc", "-w", "1", "169.254.170.2", "80")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Network_AddressGivenUp_IsNotTheNextInstances()
    {
        await using var installation = Install();
        await using var restarted = Hosts.Engines.Connect(host.RequireSocket(), installation.Id);
        var stays = await installation.Start(installation.Web());
        var gone = await installation.Start(installation.Web());
        await installation.Engine.StopInstance(gone.Identity.InstanceId, TimeSpan.Zero, None);

        // A platform that has just started remembers nothing.
        var next = await installation.Start(installation.Web());
        var afterRestart = await restarted.StartInstance(TestInstallation.NewIdentity(), installation.Web(), None);

        await installation.Get(next);
        await installation.Get(afterRestart);
        new[] { stays, gone, next, afterRestart }.Select(instance => instance.Endpoint!).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task EnsureNetwork_Twice_IsTheSameFromThePool()
    {
        await using var installation = Install(options => options with { AddressPool = "10.214.0.0/16", SubnetPrefixLength = 24 });
        await using var second = Hosts.Engines.Connect(host.RequireSocket(), installation.Id);

        var first = await installation.Engine.EnsureNetwork(None);
        var again = await second.EnsureNetwork(None);

        again.ShouldBe(first);
        first.Subnet.ShouldStartWith("10.214.");
        first.Subnet.ShouldEndWith(".0/24");
    }

    [Fact]
    public async Task EnsureNetwork_TwoInstallations_DoNotOverlap()
    {
        await using var one = Install();
        await using var other = Install();

        (await one.Engine.EnsureNetwork(None)).Subnet.ShouldNotBe((await other.Engine.EnsureNetwork(None)).Subnet);
    }

    private static TcpListener Listen(IPAddress? address = null)
    {
        var listener = new TcpListener(address ?? IPAddress.Any, 0);
        listener.Start();
        _ = Welcome(listener);
        return listener;
    }

    private static async Task Welcome(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptTcpClientAsync();
                await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"welcome {((IPEndPoint)caller.Client.RemoteEndPoint!).Address}"));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
