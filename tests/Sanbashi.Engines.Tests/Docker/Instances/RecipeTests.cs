using System.Net;
using System.Text.Json;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Instances;
using Sanbashi.Engines.Docker.Networks;

namespace Sanbashi.Engines.Tests.Docker.Instances;

public sealed class RecipeTests
{
    private static readonly Installation Installation = new("0123456789abcdef0123456789abcdef");
    private static readonly DockerEngineOptions Options = new() { InstallationId = Installation.Id, PlatformPorts = [8080] };
    private static readonly InstanceIdentity Identity = new("fedcba9876543210fedcba9876543210", "service-id", "web", 7);

    private static readonly InstanceSpec Spec = new()
    {
        Containers =
        [
            new ContainerSpec { Name = "main", Image = "sha256:1", Command = ["serve", "a b"], Environment = new Dictionary<string, string> { ["PORT"] = "8000" } },
            new ContainerSpec { Name = "side", Image = "sha256:2" },
        ],
        Size = new InstanceSize(1024, 2048),
        Port = 8000,
        Volumes = [new VolumeMount("data", "/data", false, false), new VolumeMount("/srv", "/srv", true, true)],
    };

    [Fact]
    public void Holder_Routable_OwnsNetworkAndPublishesNothing()
    {
        var holder = new HolderRecipe(Options, Installation).Create(Identity, Spec, "holder", Network(isRoutable: true), IPAddress.Parse("10.213.4.9"), Profile(), null);

        holder.StopSignal.ShouldBe("SIGKILL");
        holder.HostConfig.NetworkMode.ShouldBe("sanbashi-01234567");
        holder.HostConfig.PortBindings.ShouldBeNull();
        holder.NetworkingConfig!.EndpointsConfig["sanbashi-01234567"].Ipam!.Ipv4Address.ShouldBe("10.213.4.9");
        holder.HostConfig.CapDrop.ShouldBe(["ALL"]);
        holder.Labels["sanbashi.containers"].ShouldBe("main,side");
        holder.Labels["sanbashi.port"].ShouldBe("8000");
        holder.Labels["sanbashi.role"].ShouldBe("holder");
        InstanceLabels.Identity(holder.Labels).ShouldBe(Identity);
    }

    [Fact]
    public void SecretFiles_AreMountedByTheHolderAndReadByTheMainContainer()
    {
        var spec = Spec with { SecretFiles = new Dictionary<string, string> { ["TOKEN"] = "hush" } };

        var holder = new HolderRecipe(Options, Installation).Create(Identity, spec, "holder", Network(isRoutable: true), null, Profile(), null);
        var containers = new ContainerRecipe(Options, Installation);
        var main = containers.Create(Identity, spec, spec.Containers[0], "h", Profile(), true, null);
        var side = containers.Create(Identity, spec, spec.Containers[1], "h", Profile(), true, null);

        var mount = holder.HostConfig.Mounts.ShouldNotBeNull().ShouldHaveSingleItem();
        mount.Target.ShouldBe("/run/secrets");
        mount.VolumeOptions!.DriverConfig.Options["type"].ShouldBe("tmpfs");
        holder.Labels["sanbashi.secret-files"].ShouldBe("yes");
        var own = main.HostConfig.Mounts!.Single(candidate => candidate.Source == mount.Source);
        (own.Target, own.ReadOnly).ShouldBe(("/run/secrets", true));
        side.HostConfig.Mounts!.ShouldNotContain(candidate => candidate.Source == mount.Source);
        JsonSerializer.Serialize(main, EngineJson.Default.CreateContainer).ShouldNotContain("hush");
    }

    [Fact]
    public void Holder_NotRoutable_PublishesThePortOnLoopbackOnly()
    {
        var holder = new HolderRecipe(Options, Installation).Create(Identity, Spec, "holder", Network(isRoutable: false), null, Profile(), null);

        holder.HostConfig.PortBindings.ShouldNotBeNull()["8000/tcp"].ShouldHaveSingleItem().HostIp.ShouldBe("127.0.0.1");
    }

    [Fact]
    public void Holder_Names_ResolveToTheGateway()
    {
        var options = Options with { InstanceHosts = new Dictionary<string, string> { ["api.test"] = "gateway", ["db.test"] = "192.0.2.1" }, InstanceDns = ["gateway", "192.0.2.53"] };

        var holder = new HolderRecipe(options, Installation).Create(Identity, Spec, "holder", Network(isRoutable: true), null, Profile(), null);

        holder.HostConfig.ExtraHosts.ShouldBe(["api.test:10.213.4.1", "db.test:192.0.2.1"]);
        holder.HostConfig.Dns.ShouldBe(["10.213.4.1", "192.0.2.53"]);
    }

    [Fact]
    public void Container_Recipe_IsJoinedHardenedAndLimited()
    {
        var container = new ContainerRecipe(Options, Installation).Create(Identity, Spec, Spec.Containers[0], "h1", Profile(), hasInit: true, null);

        container.Cmd.ShouldBe(["serve", "a b"]);
        container.Entrypoint.ShouldBeNull();
        container.Env.ShouldBe(["PORT=8000"]);
        container.Healthcheck.ShouldNotBeNull().Test.ShouldBe(["NONE"]);
        container.Labels["sanbashi.container"].ShouldBe("main");
        var limits = container.HostConfig;
        limits.NetworkMode.ShouldBe("container:h1");
        limits.Init.ShouldBe(true);
        limits.CapDrop.ShouldBe(["ALL"]);
        limits.CapAdd.ShouldNotBeNull().ShouldNotContain("NET_RAW");
        limits.SecurityOpt.ShouldBe(["no-new-privileges"]);
        limits.PidsLimit.ShouldBe(4096);
        limits.RestartPolicy.Name.ShouldBe("no");
        limits.MemorySwap.ShouldBe(limits.Memory);
        limits.OomScoreAdj.ShouldNotBeNull().ShouldBeGreaterThan(0);
        limits.LogConfig.ShouldNotBeNull().Config.ShouldNotBeNull()["max-size"].ShouldBe("20m");
        limits.Mounts.ShouldNotBeNull().Select(mount => (mount.Type, mount.Source, mount.ReadOnly))
            .ShouldBe([("volume", "sanbashi-01234567-data", false), ("bind", "/srv", true)]);
    }

    [Theory]
    [InlineData(1024, 2048, 1, 8, 100_000, 2048)]
    [InlineData(256, 512, 1, 8, 25_000, 512)]
    [InlineData(1024, 2048, 2, 8, 50_000, 1024)]
    [InlineData(4096, 2048, 1, 2, 200_000, 2048)]
    [InlineData(1, 1, 1, 2, 1_000, 6)]
    public void Limits_Size_IsSharedEquallyAndClampedToTheMachine(int cpu, int memory, int containers, int machine, long quota, long megabytes)
    {
        ContainerLimits.Of(new InstanceSize(cpu, memory), containers, machine).ShouldBe(new ContainerLimits(quota, megabytes * 1024 * 1024));
    }

    [Theory]
    [InlineData("web", "sanbashi-web-7-fedcba98", "web-fedcba98")]
    [InlineData("My Service/ü", "sanbashi-My-Service---7-fedcba98", "My-Service-fedcba98")]
    [InlineData("---", "sanbashi-----7-fedcba98", "instance-fedcba98")]
    public void Names_Service_AreWhatEnginesAllow(string service, string holder, string hostname)
    {
        var identity = Identity with { ServiceName = service };

        InstanceNames.Holder(identity).ShouldBe(holder);
        InstanceNames.Hostname(identity).ShouldBe(hostname);
    }

    [Fact]
    public void Names_LongService_FitDns()
    {
        InstanceNames.Hostname(Identity with { ServiceName = new string('x', 200) }).Length.ShouldBeLessThanOrEqualTo(63);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a,b")]
    public void Installation_IdThatIsNoLabel_IsRefused(string id)
    {
        Should.Throw<ArgumentException>(() => new Installation(id));
    }

    [Fact]
    public void Installation_IdsWithACommonBeginning_HaveNamesOfTheirOwn()
    {
        new Installation("production-1").Short.ShouldNotBe(new Installation("production-2").Short);
        new Installation("production-1").Bridge.Length.ShouldBeLessThanOrEqualTo(15);
    }

    [Fact]
    public void ProcessLimits_KernelTable_IsReadAndBounded()
    {
        const string Table = "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max processes             96365                96365                processes \n"
            + "Max open files            1024                 20000                files     \n";

        ProcessLimits.Parse(Table).Select(limit => (limit.Name, limit.Soft, limit.Hard)).ShouldBe([("nofile", 20_000, 20_000), ("nproc", 32_768, 32_768)]);
        ProcessLimits.Parse("Max open files            unlimited            unlimited            files").ShouldBeEmpty();
    }

    [Fact]
    public void ListeningSockets_KernelTable_AreThoseThatListen()
    {
        const string Table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
            + "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n"
            + "   1: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n"
            + "   2: 0B00007F:9C4D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1\n"
            + "   3: 0204D50A:1F91 0104D50A:D431 01 00000000:00000000 00:00000000 00000000     0        0 1 1\n";

        ListeningSockets.Parse(Table).ShouldBe([8080, 80]);
    }

    private static InstanceNetwork Network(bool isRoutable)
    {
        Ipv4Block.TryParse("10.213.4.0/22", out var subnet);
        return new InstanceNetwork(Installation.Network, Installation.Bridge, subnet, IPAddress.Parse("10.213.4.1"), isRoutable, HasEndpoint: false);
    }

    private static EngineProfile Profile() => new()
    {
        Name = "Docker Engine",
        Version = "20.10",
        ApiVersion = "1.41",
        Architecture = "amd64",
        CpuCount = 4,
        MemoryBytes = 1,
        IsPodman = false,
        IsRootless = false,
        IsDesktop = false,
        CanFreeze = true,
        InsecureRegistries = new HashSet<string>(),
    };
}
