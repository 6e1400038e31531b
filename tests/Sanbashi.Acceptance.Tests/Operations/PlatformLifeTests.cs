using System.Net;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Operations;

/// <summary>Starting, stopping and keeping a platform, by the command line.</summary>
public sealed class PlatformLifeTests(SharedPlatform shared)
{
    [Fact]
    public async Task Up_OnAStateThatRunsAlready_SaysSo()
    {
        var platform = await shared.Get();

        var second = await platform.Cli("up", "--listen", "127.0.0.1:0", "--http", "none", "--https", "none");

        second.ExitCode.ShouldNotBe(0);
        second.Error.ShouldContain("runs already");
        second.Error.ShouldContain(platform.ApiUrl.Authority);
    }

    [Fact]
    public async Task Platform_StoppedAndStarted_KeepsItsServicesRunning()
    {
        await shared.RequireEngine();
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("outlives", await shared.Images.TestApp());
        var host = (string)(await platform.Gateway.Describe(service.Host))["host"]!;

        (await platform.Cli("down")).ShouldSucceed();
        await platform.Stop();
        await platform.Up();

        // The very same process answers: it was neither stopped nor started again.
        var survivor = service.On(platform.Api);
        ((string)(await platform.Gateway.Describe(service.Host))["host"]!).ShouldBe(host);
        (await survivor.Status()).ShouldBe("RUNNING");
        await survivor.WaitForOperation(await survivor.StartDeployment(), "SUCCEEDED");
    }

    [Fact]
    public async Task TwoPlatforms_OnOneEngine_NeverTouchEachOthersObjects()
    {
        var first = await shared.Get();
        await using var second = await Platform.Start();
        var image = await shared.Images.TestApp();
        var one = await first.Api.RunService("twin", image, Version("first"));
        var two = await second.Api.RunService("twin", image, Version("second"));
        one.Id.ShouldNotBe(two.Id);
        await using var load = await LoadGenerator.Start(first.Gateway.Address, one.Host, new LoadOptions { UploadClients = 0 });

        // Everything that takes things away, on the second: a deployment, a deletion, a restart of its processes.
        await two.WaitForOperation(await two.Update(image, Version("second-2")), "SUCCEEDED");
        (await second.Gateway.Version(two.Host)).ShouldBe("second-2");
        await two.WaitForOperation(await two.Delete(), "SUCCEEDED");
        var killed = await second.Kill("control-plane");
        await second.WaitForSuccessor("control-plane", killed);

        var report = await load.Stop();
        report.ShouldHaveNoFailures();
        report.Versions.Keys.ShouldBe(["first"]);
        (await one.Instances()).Count.ShouldBe(1);
        await Eventually.Get(async () => await first.EngineApi.Containers($"sanbashi.service={two.Id}"), containers => containers.Count == 0);
    }

    [Fact]
    public async Task Backup_RestoredOnANewState_HasTheServicesBack()
    {
        await shared.RequireEngine();
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("restored", await shared.Images.TestApp(), Version("kept"));
        var backup = Path.Combine(Path.GetDirectoryName(platform.State)!, "backup.tar.gz");
        (await platform.Cli("backup", backup)).ShouldSucceed();
        await service.WaitForOperation(await service.Update(await shared.Images.TestApp(), Version("lost")), "SUCCEEDED");
        await platform.Stop();

        (await platform.Cli("restore", backup, "--force")).ShouldSucceed();
        await platform.Up();

        var restored = service.On(platform.Api);
        (await restored.Status()).ShouldBe("RUNNING");
        await Eventually.True(async () => (await platform.Gateway.Get(service.Host, "/")).Status == HttpStatusCode.OK);
        await Eventually.Get(() => platform.Gateway.Version(service.Host), version => version == "kept");
    }

    private static ServiceRequest Version(string version) => new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version } };
}
