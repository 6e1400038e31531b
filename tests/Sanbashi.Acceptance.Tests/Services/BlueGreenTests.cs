using System.Net;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Services;

public sealed class BlueGreenTests(SharedPlatform shared)
{
    [Fact]
    public async Task Update_ToASlowStarter_ServesTheOldRevisionUntilTheNewOneIsProven()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("blue-green", image, Version("blue"));
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host, Light);

        var operation = await service.Update(image, Version("green", ("START_DELAY_MS", "1500")));
        while (await service.OperationStatus(operation) == "IN_PROGRESS" && !load.Report.Versions.ContainsKey("green"))
        {
            (await platform.Gateway.Version(service.Host)).ShouldBeOneOf("blue", "green");
        }

        await service.WaitForOperation(operation, "SUCCEEDED");

        // The switch is done: not one more answer of the old revision.
        for (var i = 0; i < 50; i++)
        {
            (await platform.Gateway.Version(service.Host)).ShouldBe("green");
        }

        (await load.Stop()).ShouldHaveNoFailures();
    }

    [Fact]
    public async Task Request_InFlightAtTheSwitch_IsFinishedByTheOldRevision()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("drained", image, Version("old"));
        var slow = platform.Gateway.Get(service.Host, "/slow?ms=4000");
        await service.WaitForOperation(await service.Update(image, Version("new")), "SUCCEEDED");
        (await platform.Gateway.Version(service.Host)).ShouldBe("new");

        var (status, body) = await slow;

        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBe("old");
    }

    [Fact]
    public async Task Update_ThatFails_RollsBackAndTheOldRevisionGoesOn()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("update-fails", image, Version("good"));
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host, Light);

        await service.WaitForOperation(await service.Update(image, Version("bad", ("EXIT_AT_START", "9"))), "ROLLBACK_SUCCEEDED");

        (await service.Status()).ShouldBe("RUNNING");
        (await platform.Gateway.Version(service.Host)).ShouldBe("good");
        await service.WaitForEvent("Container exit code: 9");
        var report = await load.Stop();
        report.ShouldHaveNoFailures();
        report.Versions.Keys.ShouldBe(["good"]);
    }

    [Fact]
    public async Task StartDeployment_OfATagThatMoved_RunsTheNewImage()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp("first", "moving");
        var service = await platform.Api.RunService("moving-tag", image);
        (await platform.Gateway.Version(service.Host)).ShouldBe("first");

        await shared.Images.TestApp("second", "moving");
        await service.WaitForOperation(await service.StartDeployment(), "SUCCEEDED");

        (await platform.Gateway.Version(service.Host)).ShouldBe("second");
    }

    [Fact]
    public async Task Rollback_AfterADeployment_BringsThePreviousRevisionBack()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("rolled-back", image, Version("one"));
        await service.WaitForOperation(await service.Update(image, Version("two")), "SUCCEEDED");
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host, Light);

        await service.WaitForOperation(await service.Rollback(), "SUCCEEDED");

        (await service.WaitForEvent("Rollback to revision 1")).ShouldContain($"({image}, image ");
        await service.WaitForEvent("Rollback completed successfully. Revision 1 ");
        (await platform.Gateway.Version(service.Host)).ShouldBe("one");
        ((string)(await service.Describe())["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!["RuntimeEnvironmentVariables"]!["APP_VERSION"]!).ShouldBe("one");
        (await load.Stop()).ShouldHaveNoFailures();
    }

    [Fact]
    public async Task CancelOperation_DuringADeployment_LeavesTheOldRevision()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("cancelled", image, Version("kept"));
        var operation = await service.Update(image, Version("unwanted", ("NEVER_LISTEN", "1")));
        await service.WaitForEvent("Performing health check");

        await service.CancelOperation();

        await service.WaitForOperation(operation, "ROLLBACK_SUCCEEDED");
        (await service.Status()).ShouldBe("RUNNING");
        (await platform.Gateway.Version(service.Host)).ShouldBe("kept");
        await Eventually.Get(service.Instances, instances => instances.Count == 1);
    }

    private static LoadOptions Light => new() { KeepAliveClients = 2, SlowClients = 1, UploadClients = 0, EventStreamClients = 0, WebSocketClients = 0 };

    private static ServiceRequest Version(string version, params (string Name, string Value)[] more) =>
        new() { Variables = more.Append(("APP_VERSION", version)).ToDictionary(variable => variable.Item1, variable => variable.Item2) };
}
