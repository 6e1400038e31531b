using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Traffic;

/// <summary>Instances come and go with the requests; nobody notices but the processor.</summary>
public class ScalingTests(SharedPlatform shared)
{
    [Fact]
    public async Task Service_WithoutRequests_IsFrozen_AndTheNextRequestWakesIt()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("sleeper", await shared.Images.BusyBox(), Settings(("idle-period", "1s")));
        for (var round = 0; round < 2; round++)
        {
            await Eventually.Get(service.Instances, instances => States(instances) == "FROZEN");
            (await platform.Gateway.Get(service.Host, "/")).Status.ShouldBe(HttpStatusCode.OK);
        }

        await Eventually.Get(service.Instances, instances => States(instances) == "FROZEN");
        (await platform.Cli("svc", "exec", "sleeper", "--", "/bin/sh", "-c", "echo awake")).ShouldSucceed().Output.ShouldContain("awake");
        await Eventually.Get(service.Instances, instances => States(instances) == "FROZEN");
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Service_ThatSleepsWhileTheControlPlaneIsKilled_AnswersWhatCameMeanwhile()
    {
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("sleeper", await shared.Images.BusyBox(), Settings(("idle-period", "1s")));
        await Eventually.Get(service.Instances, instances => States(instances) == "FROZEN");

        var former = await platform.Kill("control-plane");
        var answer = platform.Gateway.Get(service.Host, "/");

        (await answer).Status.ShouldBe(HttpStatusCode.OK);
        await platform.WaitForSuccessor("control-plane", former);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Service_ThatMayGoToZero_IsStopped_AndHoldsTheRequestsThatStartIt()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("zero", await shared.Images.BusyBox(), Settings(("min-size", "0"), ("idle-period", "1s"), ("no-wake-paths", "/favicon.ico")));
        await Eventually.Get(service.Instances, instances => States(instances) == "STANDBY");
        (await platform.Gateway.Get(service.Host, "/favicon.ico")).Status.ShouldBe(HttpStatusCode.NoContent);
        States(await service.Instances()).ShouldBe("STANDBY");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => platform.Gateway.Get(service.Host, "/")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        States(await service.Instances()).Split(' ').Count(state => state != "STANDBY").ShouldBe(1);
        await service.WaitForEvent("A request came: starting 1 instance.");
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Burst_BeyondTheConcurrency_IsQueuedUntilThereAreInstances_AndTheyLeaveAfterIt()
    {
        var platform = await shared.Get();
        var scaling = await platform.Api.AppRunner("CreateAutoScalingConfiguration", new JsonObject
        {
            ["AutoScalingConfigurationName"] = "burst", ["MaxConcurrency"] = 5, ["MinSize"] = 1, ["MaxSize"] = 4,
        });
        var service = await platform.Api.RunService("burst", await shared.Images.TestApp(), Settings(("scale-in-after", "2s")) with
        {
            AutoScalingConfigurationArn = (string)scaling["AutoScalingConfiguration"]!["AutoScalingConfigurationArn"]!,
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => platform.Gateway.Get(service.Host, "/slow?ms=1500")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        await service.WaitForEvent("Scaling out from 1 to");
        await Eventually.Get(service.Instances, instances => instances.Count == 1);
        await service.WaitForEvent("Scaling in");
        (await platform.Gateway.Get(service.Host, "/healthz")).Status.ShouldBe(HttpStatusCode.OK);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Schedule_AndUseOfTheProcessor_AskForMoreInstancesThanRequestsDo()
    {
        var platform = await shared.Get();
        var scaling = (string)(await platform.Api.AppRunner("CreateAutoScalingConfiguration", new JsonObject
        {
            ["AutoScalingConfigurationName"] = "at-most-two", ["MaxConcurrency"] = 100, ["MinSize"] = 1, ["MaxSize"] = 2,
        }))["AutoScalingConfiguration"]!["AutoScalingConfigurationArn"]!;
        var image = await shared.Images.BusyBox();
        var scheduled = await platform.Api.RunService("scheduled", image, Settings(("schedule", "2 at any any any any any for 1h"), ("scale-in-after", "1s")) with
        {
            AutoScalingConfigurationArn = scaling,
        });
        var hardAtWork = await platform.Api.RunService("hard-at-work", image, Settings(("scale-on", "cpu:50"), ("idle", "active"), ("scale-in-after", "1s")) with
        {
            AutoScalingConfigurationArn = scaling,
            StartCommand = "sh -c 'while :; do :; done & exec /bin/busybox httpd -f -p $PORT -h /www'",
        });

        await Eventually.Get(scheduled.Instances, instances => instances.Count == 2);
        await Eventually.Get(hardAtWork.Instances, instances => instances.Count == 2);
        await hardAtWork.WaitForEvent("which is more than scale-on allows");
        (await platform.Cli("svc", "settings", "scheduled", "schedule=")).ShouldSucceed();
        (await platform.Cli("svc", "settings", "hard-at-work", "scale-on=")).ShouldSucceed();
        await Eventually.Get(scheduled.Instances, instances => instances.Count == 1);
        await Eventually.Get(hardAtWork.Instances, instances => instances.Count == 1);

        foreach (var service in new[] { scheduled, hardAtWork })
        {
            await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        }
    }

    [Fact]
    public async Task Prepared_Instances_AreThereAndAsleepBeforeTheBurst()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("prepared", await shared.Images.BusyBox(), Settings(("idle-period", "1s"), ("prepared", "3")));

        await Eventually.Get(service.Instances, instances => States(instances) == "FROZEN FROZEN FROZEN");

        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    private static ServiceRequest Settings(params (string Name, string Value)[] settings) => new()
    {
        Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
    };

    private static string States(JsonArray instances) => string.Join(' ', instances.Select(instance => (string)instance!["State"]!).Order(StringComparer.Ordinal));
}
