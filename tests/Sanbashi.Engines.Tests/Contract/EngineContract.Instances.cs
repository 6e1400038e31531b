using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task Describe_RunningEngine_TellsVersionAndMachine()
    {
        await using var installation = Install();

        var description = await installation.Engine.Describe(None);

        description.Name.ShouldBe(host.IsPodman ? "Podman" : "Docker Engine");
        description.Version.ShouldNotBeEmpty();
        description.ApiVersion.ShouldStartWith("1.");
        description.Architecture.ShouldBeOneOf("amd64", "arm64");
        description.CpuCount.ShouldBeGreaterThan(0);
        description.MemoryBytes.ShouldBeGreaterThan(0);
        description.CanFreeze.ShouldBeTrue();
    }

    [Fact]
    public async Task StartInstance_WebServer_AnswersAtEndpoint()
    {
        await using var installation = Install();

        var instance = await installation.Start(installation.Web());

        instance.State.ShouldBe(EngineInstanceState.Running);
        instance.Containers.ShouldHaveSingleItem().Name.ShouldBe(ContainerSpec.Main);
        instance.StartedAt.ShouldNotBeNull();
        (await installation.Get(instance)).ShouldBe("hello from an instance\n");
    }

    [Fact]
    public async Task StartInstance_PublishedEndpoint_AnswersOnLoopback()
    {
        await using var installation = Install(options => options with { Endpoints = EndpointMode.Published });

        var instance = await installation.Start(installation.Web());

        instance.Endpoint.ShouldNotBeNull().ShouldStartWith("127.0.0.1:");
        (await installation.Get(instance)).ShouldBe("hello from an instance\n");
    }

    [Fact]
    public async Task StartInstance_Again_ChangesNothing()
    {
        await using var installation = Install();
        var identity = TestInstallation.NewIdentity();

        var first = await installation.Engine.StartInstance(identity, installation.Web(), None);
        var second = await installation.Engine.StartInstance(identity, installation.Web(), None);

        second.Endpoint.ShouldBe(first.Endpoint);
        second.StartedAt.ShouldBe(first.StartedAt);
        (await installation.Engine.ListInstances(None)).ShouldHaveSingleItem().Identity.ShouldBe(identity);
    }

    [Fact]
    public async Task PrepareInstance_StandsBy_UntilItIsStartedWhereItIs()
    {
        await using var installation = Install();
        var identity = TestInstallation.NewIdentity();

        var prepared = await installation.Engine.PrepareInstance(identity, installation.Web(), None);
        var again = await installation.Engine.PrepareInstance(identity, installation.Web(), None);
        var listed = (await installation.Engine.ListInstances(None)).ShouldHaveSingleItem();

        prepared.State.ShouldBe(EngineInstanceState.Standby);
        prepared.StartedAt.ShouldBeNull();
        again.Endpoint.ShouldBe(prepared.Endpoint);
        listed.State.ShouldBe(EngineInstanceState.Standby);

        var started = await installation.Engine.StartInstance(identity, installation.Web(), None);
        started.State.ShouldBe(EngineInstanceState.Running);
        (await installation.Get(started)).ShouldBe("hello from an instance\n");
        (await installation.Engine.PrepareInstance(identity, installation.Web(), None)).State.ShouldBe(EngineInstanceState.Running);
    }

    [Fact]
    public async Task StopInstance_StandingBy_LeavesNothing()
    {
        await using var installation = Install();
        var identity = TestInstallation.NewIdentity();
        await installation.Engine.PrepareInstance(identity, installation.Web(), None);

        await installation.Engine.StopInstance(identity.InstanceId, TimeSpan.FromSeconds(10), None);

        (await installation.Engine.ListInstances(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task StartInstance_Sidecar_SharesLocalhostAndComesAfterMain()
    {
        await using var installation = Install();
        var spec = installation.Web() with
        {
            Containers = [installation.Container("main", "sleep", "1000"), installation.Container("side", "httpd", "-f", "-p", "9000", "-h", "/www")],
        };

        var instance = await installation.Start(spec);

        instance.Containers.Select(container => container.Name).ShouldBe(["main", "side"]);
        var output = "";
        await Eventually.Is(
            async () => (output = (await installation.Run(instance, "wget", "-qO-", "http://127.0.0.1:9000/index.html")).Output).Length > 0, "the sidecar answers main");
        output.ShouldBe("hello from an instance\n");
    }

    [Fact]
    public async Task StartInstance_WithoutPort_HasNoEndpoint()
    {
        await using var installation = Install();

        var instance = await installation.Start(installation.Spec("sleep", "1000") with { Port = null });

        instance.State.ShouldBe(EngineInstanceState.Running);
        instance.Endpoint.ShouldBeNull();
    }

    [Theory]
    [InlineData("/no/such/program", "does not exist")]
    [InlineData("/bin/not-executable", "not executable")]
    public async Task StartInstance_CommandThatCannotRun_SaysWhy(string command, string reason)
    {
        await using var installation = Install();

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Start(installation.Spec(command)));

        failure.Failure.ShouldBe(EngineFailure.CannotStart);
        failure.Message.ShouldContain(command);
        failure.Message.ShouldContain(reason);
    }

    [Fact]
    public async Task StartInstance_UnknownImage_SaysWhich()
    {
        await using var installation = Install();
        var spec = installation.Web() with { Containers = [new ContainerSpec { Name = "main", Image = "sha256:" + new string('0', 64) }] };

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Start(spec));

        failure.Failure.ShouldBe(EngineFailure.ImageNotFound);
        failure.Message.ShouldContain(new string('0', 64));
    }

    [Fact]
    public async Task StartInstance_ProgramThatEnded_IsNotRunTwice()
    {
        await using var installation = Install();
        var identity = TestInstallation.NewIdentity();
        var spec = installation.Spec("sh", "-c", "echo once; exit 3");
        await installation.WaitFor(await installation.Engine.StartInstance(identity, spec, None), EngineInstanceState.Exited);

        var again = await installation.Engine.StartInstance(identity, spec, None);

        again.State.ShouldBe(EngineInstanceState.Exited);
        again.Containers.ShouldHaveSingleItem().ExitCode.ShouldBe(3);
        (await installation.Logs(again)).Select(line => line.Text).ShouldBe(["once"]);
    }

    [Fact]
    public async Task FindInstance_OutOfMemory_IsSaid()
    {
        await using var installation = Install();

        var instance = await installation.WaitFor(
            await installation.Start(installation.Spec("sh", "-c", "x=a; while true; do x=$x$x$x; done")), EngineInstanceState.Exited);

        var main = instance.Containers.ShouldHaveSingleItem();
        main.ExitCode.ShouldNotBe(0);

        // Podman 4.3 with cgroups of version 1 does not tell.
        (main.OutOfMemory || host.IsPodman).ShouldBeTrue();
    }

    [Fact]
    public async Task FindInstance_Unknown_IsNull()
    {
        await using var installation = Install();

        (await installation.Engine.FindInstance(Guid.NewGuid().ToString("n"), None)).ShouldBeNull();
    }

    [Fact]
    public async Task StopInstance_Program_GetsTerminationSignalAndIsRemoved()
    {
        await using var installation = Install();
        var volume = new VolumeMount("out", "/out", false, false);
        var script = "trap 'echo stopped > /out/how; exit 0' TERM; touch /out/ready; while true; do sleep 1 & wait; done";
        var instance = await installation.Start(installation.Spec("sh", "-c", script) with { Volumes = [volume] });
        await Eventually.Is(async () => (await installation.Run(instance, "ls", "/out")).Output.Contains("ready", StringComparison.Ordinal), "the program is ready");

        await installation.Engine.StopInstance(instance.Identity.InstanceId, TimeSpan.FromSeconds(20), None);

        (await installation.Engine.ListInstances(None)).ShouldBeEmpty();
        var reader = await installation.Start(installation.Spec("cat", "/out/how") with { Volumes = [volume] });
        (await installation.Logs(reader)).Select(line => line.Text).ShouldBe(["stopped"]);
    }

    [Fact]
    public async Task StopInstance_FrozenOrGone_Succeeds()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());
        await installation.Engine.FreezeInstance(instance.Identity.InstanceId, None);

        await installation.Engine.StopInstance(instance.Identity.InstanceId, TimeSpan.FromSeconds(5), None);
        await installation.Engine.StopInstance(instance.Identity.InstanceId, TimeSpan.FromSeconds(5), None);

        (await installation.Engine.FindInstance(instance.Identity.InstanceId, None)).ShouldBeNull();
    }

    [Fact]
    public async Task FreezeInstance_TwiceAndThawedTwice_AnswersAgain()
    {
        await using var installation = Install();
        var id = (await installation.Start(installation.Web() with
        {
            Containers = [.. installation.Web().Containers, installation.Container("side", "sleep", "1000")],
        })).Identity.InstanceId;

        await installation.Engine.FreezeInstance(id, None);
        await installation.Engine.FreezeInstance(id, None);
        (await installation.Engine.FindInstance(id, None)).ShouldNotBeNull().State.ShouldBe(EngineInstanceState.Frozen);

        await installation.Engine.ThawInstance(id, None);
        await installation.Engine.ThawInstance(id, None);
        var thawed = (await installation.Engine.FindInstance(id, None)).ShouldNotBeNull();
        thawed.State.ShouldBe(EngineInstanceState.Running);
        (await installation.Get(thawed)).ShouldBe("hello from an instance\n");
    }

    [Fact]
    public async Task StartInstance_Frozen_Thaws()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());
        await installation.Engine.FreezeInstance(instance.Identity.InstanceId, None);

        var again = await installation.Engine.StartInstance(instance.Identity, installation.Web(), None);

        again.State.ShouldBe(EngineInstanceState.Running);
    }

    [Fact]
    public async Task FreezeInstance_Unknown_IsNotFound()
    {
        await using var installation = Install();

        (await Should.ThrowAsync<EngineException>(() => installation.Engine.FreezeInstance(Guid.NewGuid().ToString("n"), None))).Failure.ShouldBe(EngineFailure.NotFound);
    }

    [Fact]
    public async Task ListeningPorts_WebServer_TellsItsPort()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());
        await installation.Get(instance);

        (await installation.Engine.ListeningPorts(instance.Identity.InstanceId, None)).ShouldBe([8080]);
    }

    [Fact]
    public async Task StartInstance_Container_IsHardenedAndLimited()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Web());

        var status = (await installation.Run(instance, "cat", "/proc/self/status")).Output;
        var adjustment = (await installation.Run(instance, "cat", "/proc/self/oom_score_adj")).Output.Trim();

        status.ShouldContain("NoNewPrivs:\t1");
        status.ShouldContain("Seccomp:\t2");

        // CHOWN 0, DAC_OVERRIDE 1, FOWNER 3, FSETID 4, KILL 5, SETGID 6, SETUID 7, SETPCAP 8, NET_BIND_SERVICE 10
        status.ShouldContain("CapBnd:\t00000000000005fb");
        int.Parse(adjustment).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Volumes_Named_OutliveInstancesAndAreRemoved()
    {
        await using var installation = Install();
        var volume = new VolumeMount("data", "/data", false, false);
        await installation.Engine.EnsureVolume("data", None);
        var writer = await installation.Start(installation.Spec("sh", "-c", "echo kept > /data/file") with { Volumes = [volume] });
        await installation.WaitFor(writer, EngineInstanceState.Exited);
        await installation.Engine.StopInstance(writer.Identity.InstanceId, TimeSpan.Zero, None);

        var reader = await installation.Start(installation.Spec("sh", "-c", "cat /data/file; touch /data/x || echo read-only") with { Volumes = [volume with { ReadOnly = true }] });
        var lines = (await installation.Logs(reader)).Where(line => !line.IsError).Select(line => line.Text);

        lines.ShouldBe(["kept", "read-only"]);
        await installation.Engine.StopInstance(reader.Identity.InstanceId, TimeSpan.Zero, None);
        await installation.Engine.RemoveVolume("data", None);
        await installation.Engine.RemoveVolume("data", None);
    }

    [Fact]
    public async Task Volumes_MissingHostFolder_IsRefused()
    {
        await using var installation = Install();
        var spec = installation.Web() with { Volumes = [new VolumeMount("/no/such/folder", "/data", true, true)] };

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Start(spec));

        failure.Message.ShouldContain("/no/such/folder");
    }
}
