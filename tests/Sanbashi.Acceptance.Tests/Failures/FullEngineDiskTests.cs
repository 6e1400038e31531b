using System.Net;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Platforms;
using Sanbashi.Acceptance.Tests.Resilience;

namespace Sanbashi.Acceptance.Tests.Failures;

/// <summary>The file system of the engine's images and containers has no room left.</summary>
[Collection(SerialTests.Name)]
public sealed class FullEngineDiskTests
{
    [Fact]
    public async Task Engine_OnAFullDisk_FailsDeploymentsWithTheReason_ServesOn_AndDeploysWhenThereIsRoom()
    {
        SmallDisk? disk = null;
        await using var engine = await PrivateEngine.Start(hasLiveRestore: true, async data => disk = await SmallDisk.Mount(data, megabytes: 64));
        await using var platform = await Platform.Start(new PlatformOptions { Engine = engine.Api.Address });
        var images = new TestImages(engine.Api);
        var service = await platform.Api.RunService("full-engine", await images.BusyBox(), Version("before"));
        using var stop = new CancellationTokenSource();
        var requests = Request(platform, service, stop.Token);

        await disk!.Fill();
        await service.WaitForOperation(await service.Update(await images.BusyBox(), Version("refused")), "ROLLBACK_SUCCEEDED");

        var events = await service.Events();
        events.Where(line => line.Contains("An instance could not be started", StringComparison.Ordinal) || line.Contains("Failure reason", StringComparison.Ordinal))
            .ShouldAllBe(line => line.Contains("the disk of the container engine is full", StringComparison.Ordinal)
                && line.Contains("no space left on device", StringComparison.Ordinal)
                && line.Contains("Make room there", StringComparison.Ordinal));
        events.Count(line => line.Contains("Failure reason", StringComparison.Ordinal)).ShouldBe(1);
        events.Count(line => line.Contains("An instance could not be started", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(1);
        (await service.Status()).ShouldBe("RUNNING");

        disk.MakeRoom();
        await service.WaitForOperation(await service.Update(await images.BusyBox(), Version("after")), "SUCCEEDED");

        await stop.CancelAsync();
        (await requests).ShouldBeGreaterThan(0);
        await EngineObjects.ShouldHaveOnlyWantedInstances(platform, service);
    }

    /// <summary>Request after request, each of which has to succeed; answers how many there were.</summary>
    private static async Task<int> Request(Platform platform, ServiceHandle service, CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            (await platform.Gateway.Get(service.Host, "/")).Status.ShouldBe(HttpStatusCode.OK);
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }

        return count;
    }

    private static ServiceRequest Version(string version) => new()
    {
        Variables = new Dictionary<string, string> { ["VERSION"] = version },
        Settings = new Dictionary<string, string> { ["drain-timeout"] = "3s" },
    };
}
