using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Operations;

public class TwoPlatformsTests(SharedPlatform shared)
{
    [Fact]
    public async Task TwoPlatforms_OnOneEngine_NeverTouchEachOthersObjects()
    {
        var first = await shared.Get();
        await using var second = await shared.Start();
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

    private static ServiceRequest Version(string version) => new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version } };
}

public sealed class TwoPlatformsOnPodmanTests(PodmanPlatform shared) : TwoPlatformsTests(shared);

public sealed class TwoPlatformsOnPostgresTests(PostgresPlatform shared) : TwoPlatformsTests(shared);
