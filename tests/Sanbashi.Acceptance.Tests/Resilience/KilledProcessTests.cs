using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>kill -9 of each process of the platform while it is busy.</summary>
[Collection(SerialTests.Name)]
public sealed class KilledProcessTests(SharedPlatform shared, ITestOutputHelper output)
{
    [Theory]
    [InlineData("Resolving image")]
    [InlineData("Provisioning instances")]
    [InlineData("Performing health check")]
    [InlineData("Routing traffic to application")]
    public async Task ControlPlane_KilledDuringADeployment_FailsNoRequestAndTheDeploymentCompletes(string moment)
    {
        await shared.RequireEngine();
        await using var platform = await Platform.Start();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("survives", image, Version("before", "0"));
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);
        var eventsBefore = (await service.Events()).Count;

        // It starts slowly, so that the deployment is still under way at each of the moments.
        var operation = await service.Update(image, Version("after", "700"));
        await Eventually.Get(service.Events, events => events.Skip(eventsBefore).Any(line => line.Contains(moment, StringComparison.Ordinal)));
        var killed = await platform.Kill("control-plane");
        await platform.WaitForSuccessor("control-plane", killed);

        await service.WaitForOperation(operation, "SUCCEEDED");
        (await platform.Gateway.Version(service.Host)).ShouldBe("after");
        await load.GoOn(200);
        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.ShouldHaveNoFailures();
        await EngineObjects.ShouldHaveOnlyWantedInstances(platform, service);
    }

    [Fact]
    public async Task Gateway_KilledUnderLoad_IsBackAndRefusesNoConnection()
    {
        await shared.RequireEngine();
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("gateway-killed", await shared.Images.TestApp());
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);

        var killed = await platform.Kill("gateway");
        await platform.WaitForSuccessor("gateway", killed);
        var failuresOfTheKill = load.Report.Failures.Count;
        await load.GoOn(500);

        // What was in flight is lost with the process; nothing after it, and no connection was refused at any time.
        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.Failures.Where(failure => failure.IsRefused).ShouldBeEmpty();
        var clients = new LoadOptions();
        failuresOfTheKill.ShouldBeLessThanOrEqualTo(clients.KeepAliveClients + clients.SlowClients + clients.UploadClients + clients.EventStreamClients + clients.WebSocketClients);
        report.Failures.Count.ShouldBe(failuresOfTheKill, report.ToString());
    }

    [Fact]
    public async Task Gateway_KilledWhileTheControlPlaneIsAway_ServesFromItsOwnSnapshot()
    {
        await shared.RequireEngine();
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("both-killed", await shared.Images.TestApp());

        var controlPlane = await platform.Kill("control-plane");
        var gateway = await platform.Kill("gateway");

        (await platform.Gateway.Version(service.Host)).ShouldBe("unversioned");
        await platform.WaitForSuccessor("gateway", gateway);
        await platform.WaitForSuccessor("control-plane", controlPlane);
        (await platform.Gateway.Version(service.Host)).ShouldBe("unversioned");
    }

    [Fact]
    public async Task Processes_ReplacedUnderLoad_FailNoRequest()
    {
        await shared.RequireEngine();
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("handed-over", await shared.Images.TestApp());
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);

        for (var i = 0; i < 2; i++)
        {
            (await platform.Cli("restart", "control-plane")).ShouldSucceed();
            (await platform.Cli("restart", "gateway")).ShouldSucceed();
            await load.GoOn(200);
        }

        var report = await load.Stop();
        output.WriteLine(report.ToString());
        report.ShouldHaveNoFailures();
    }

    private static ServiceRequest Version(string version, string startDelay) =>
        new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version, ["START_DELAY_MS"] = startDelay, ["QUIET"] = "1" } };
}
