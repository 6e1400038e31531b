using System.Diagnostics;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>kill -9 of each process of the platform while it is busy.</summary>
[Collection(SerialTests.Name)]
public sealed class KilledProcessTests(SharedPlatform shared, ITestOutputHelper output)
{
    [Fact]
    public async Task Gateway_KilledUnderLoad_IsBackAndRefusesNoConnection()
    {
        await using var platform = await shared.Start();
        var service = await platform.Api.RunService("gateway-killed", await shared.Images.TestApp());
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);

        var killed = await platform.Kill("gateway");
        var since = Stopwatch.StartNew();
        await Eventually.True(() => Task.FromResult(!Directory.Exists($"/proc/{killed}")));
        using var newcomer = new GatewayClient(platform.Http);
        (await newcomer.Version(service.Host)).ShouldBe("unversioned");
        output.WriteLine($"A connection that was opened while no gateway ran was answered {since.Elapsed.TotalMilliseconds:0} ms after the kill.");
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
        await using var platform = await shared.Start();
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
        await using var platform = await shared.Start();
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
}
