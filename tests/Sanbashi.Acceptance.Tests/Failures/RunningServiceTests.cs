using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Failures;

/// <summary>What happens to a service that runs when its instance does not any more.</summary>
public sealed class RunningServiceTests(SharedPlatform shared)
{
    [Fact]
    public async Task Instance_ThatCrashes_IsReplacedWithAnEvent()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("crashes", await shared.Images.TestApp());
        var before = Id(await service.Instances());

        await Crash(platform, service, 42);

        (await service.WaitForEvent("Container exit code: 42")).ShouldContain("stopped");
        await service.WaitForEvent("| crashing with exit code 42 as asked");
        await IsReplaced(service, before);
        await Answers(platform, service);
    }

    [Fact]
    public async Task Instance_ThatCrashesAgainAndAgain_IsToldOnceAsACrashLoop_AndSoIsItsRecovery()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("crash-loop", await shared.Images.TestApp());
        for (var i = 0; i < 4; i++)
        {
            var before = Id(await service.Instances());
            await Crash(platform, service, 43);
            await IsReplaced(service, before);
            await Answers(platform, service);
        }

        var told = await service.WaitForEvent("Crash loop");
        told.ShouldContain("ended 3 times in a row");
        told.ShouldContain("Container exit code: 43");
        told.ShouldContain("is started again in 2 s");
        var events = await service.Events();
        events.Count(line => line.Contains("Crash loop", StringComparison.Ordinal)).ShouldBe(1);
        events.Count(line => line.Contains("| crashing with exit code 43 as asked", StringComparison.Ordinal)).ShouldBe(3, "the fourth end was like the third");
        (await service.WaitForEvent("The crash loop is over")).ShouldContain("after 4 ends");
    }

    [Fact]
    public async Task Instance_ThatRunsOutOfMemory_IsReplacedWithAnEventThatSaysSo()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("eats-memory", await shared.Images.TestApp(), new ServiceRequest { Memory = 512 });
        var before = Id(await service.Instances());

        using var answer = await platform.Gateway.Send(service.Host, "/allocate?mb=800");

        answer.IsSuccessStatusCode.ShouldBeFalse();
        (await service.WaitForEvent("Container exit code: 137")).ShouldContain("memory");
        await IsReplaced(service, before);
    }

    [Fact]
    public async Task Instance_ThatTurnsUnhealthy_IsReplacedWithAnEvent()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService(
            "turns-unwell", await shared.Images.TestApp(), new ServiceRequest { HealthPath = "/healthz", HealthInterval = 1, UnhealthyThreshold = 2 });
        var before = Id(await service.Instances());

        await platform.Gateway.Get(service.Host, "/healthz/fail");

        (await service.WaitForEvent("is unhealthy and is being replaced")).ShouldContain("500");
        await IsReplaced(service, before);
        await Answers(platform, service);
    }

    private static async Task Crash(Platform platform, ServiceHandle service, int code)
    {
        using var answer = await platform.Gateway.Send(service.Host, $"/crash?code={code}");
        answer.IsSuccessStatusCode.ShouldBeFalse();
    }

    private static string Id(System.Text.Json.Nodes.JsonArray instances) => (string)instances.Single()!["InstanceId"]!;

    private static Task IsReplaced(ServiceHandle service, string before) => Eventually.Get(
        service.Instances,
        instances => instances.Count == 1 && (string)instances[0]!["InstanceId"]! != before && (string)instances[0]!["Health"]! == "HEALTHY");

    private static Task Answers(Platform platform, ServiceHandle service) =>
        Eventually.True(async () => (await platform.Gateway.Get(service.Host, "/")).Status == System.Net.HttpStatusCode.OK);
}
