using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>kill -9 of the control plane in the middle of a deployment under load: nothing is lost, and the deployment is completed by its successor.</summary>
public abstract class KilledDeploymentTests(SharedPlatform shared, ITestOutputHelper output)
{
    [Fact]
    public Task ControlPlane_KilledWhileANewRevisionIsProven_FailsNoRequestAndTheDeploymentCompletes() => IsKilledAt("Performing health check");

    private protected async Task IsKilledAt(string moment)
    {
        await using var platform = await shared.Start();
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

    private static ServiceRequest Version(string version, string startDelay) =>
        new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version, ["START_DELAY_MS"] = startDelay, ["QUIET"] = "1" } };
}

[Collection(SerialTests.Name)]
public sealed class KilledDeploymentOnPodmanTests(PodmanPlatform shared, ITestOutputHelper output) : KilledDeploymentTests(shared, output);

[Collection(SerialTests.Name)]
public sealed class KilledDeploymentOnPostgresTests(PostgresPlatform shared, ITestOutputHelper output) : KilledDeploymentTests(shared, output);

[Collection(SerialTests.Name)]
public sealed class KilledDeploymentAtAnyMomentTests(SharedPlatform shared, ITestOutputHelper output) : KilledDeploymentTests(shared, output)
{
    [Theory]
    [InlineData("Resolving image")]
    [InlineData("Provisioning instances")]
    [InlineData("Routing traffic to application")]
    public Task ControlPlane_KilledAtAMomentOfADeployment_FailsNoRequestAndTheDeploymentCompletes(string moment) => IsKilledAt(moment);
}
