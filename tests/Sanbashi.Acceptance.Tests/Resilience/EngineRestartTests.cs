using System.Diagnostics;
using System.Net;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>The engine goes away and comes back.</summary>
[Collection(SerialTests.Name)]
public sealed class EngineRestartTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Engine_WithLiveRestore_RestartedUnderLoad_FailsNoRequest(bool isKilled)
    {
        await using var engine = await PrivateEngine.Start(hasLiveRestore: true);
        await using var platform = await Platform.Start(new PlatformOptions { Engine = engine.Api.Address });
        var image = await new TestImages(engine.Api).TestApp();
        var service = await platform.Api.RunService("live-restore", image);
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);

        await (isKilled ? engine.Kill() : engine.Stop());
        await load.GoOn(200);
        await engine.Up();
        await load.GoOn(200);

        // The platform works with the engine again, not only beside it.
        await service.WaitForOperation(await service.StartDeployment(), "SUCCEEDED");
        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.ShouldHaveNoFailures();
    }

    [Theory]
    [InlineData("Provisioning instances")]
    [InlineData("Performing health check")]
    public async Task Engine_WithLiveRestore_KilledDuringADeployment_LetsTheOldRevisionServeUntilTheDeploymentEnds(string moment)
    {
        await using var engine = await PrivateEngine.Start(hasLiveRestore: true);
        await using var platform = await Platform.Start(new PlatformOptions { Engine = engine.Api.Address });
        var image = await new TestImages(engine.Api).TestApp();
        var service = await platform.Api.RunService("engine-killed", image, Version("before", "0"));
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);
        var eventsBefore = (await service.Events()).Count;

        var operation = await service.Update(image, Version("after", "2000"));
        await Eventually.Get(service.Events, events => events.Skip(eventsBefore).Any(line => line.Contains(moment, StringComparison.Ordinal)));
        await engine.Kill();
        await load.GoOn(200);
        (await platform.Gateway.Version(service.Host)).ShouldBe("before");
        (await service.OperationStatus(operation)).ShouldBe("IN_PROGRESS");
        await engine.Up();

        await service.WaitForOperation(operation, "SUCCEEDED");
        (await platform.Gateway.Version(service.Host)).ShouldBe("after");
        await load.GoOn(200);
        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.ShouldHaveNoFailures();
        await EngineObjects.ShouldHaveOnlyWantedInstances(platform, service);
    }

    [Fact]
    public async Task Engine_WithoutLiveRestore_Restarted_HasAllServicesBackWithAnEvent()
    {
        await using var engine = await PrivateEngine.Start(hasLiveRestore: false);
        await using var platform = await Platform.Start(new PlatformOptions { Engine = engine.Api.Address });
        var image = await new TestImages(engine.Api).TestApp();
        var services = new List<ServiceHandle>();
        for (var i = 0; i < 5; i++)
        {
            services.Add(await platform.Api.RunService($"comes-back-{i}", image));
        }

        await engine.Stop();
        await engine.Up();
        var since = Stopwatch.StartNew();

        foreach (var service in services)
        {
            await Eventually.True(async () => (await platform.Gateway.Get(service.Host, "/")).Status == HttpStatusCode.OK);
            output.WriteLine($"{service.Name} answers {since.Elapsed.TotalSeconds:0.00} s after the engine");
        }

        foreach (var service in services)
        {
            await service.WaitForEvent("engine was restarted");
            (await service.Status()).ShouldBe("RUNNING");
        }
    }

    [Fact]
    public async Task Create_WhileTheEngineIsAway_SaysSoAndCompletesWhenItIsBack()
    {
        await using var engine = await PrivateEngine.Start(hasLiveRestore: true);
        await using var platform = await Platform.Start(new PlatformOptions { Engine = engine.Api.Address });
        var image = await new TestImages(engine.Api).TestApp();
        await platform.Api.RunService("was-there", image);

        await engine.Stop();
        var service = await platform.Api.CreateService("waits-for-engine", image);
        await service.WaitForEvent("engine does not answer");
        await engine.Up();

        await service.WaitForOperation(service.CreateOperation, "SUCCEEDED");
        (await platform.Gateway.Get(service.Host, "/")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static ServiceRequest Version(string version, string startDelay) =>
        new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version, ["START_DELAY_MS"] = startDelay, ["QUIET"] = "1" } };
}
