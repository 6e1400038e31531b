using System.Globalization;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

[Collection(SerialTests.Name)]
public sealed class DeploymentsUnderLoadTests(SharedPlatform shared, ITestOutputHelper output)
{
    /// <summary><c>SANBASHI_DEPLOYMENTS=100</c> for the whole proof.</summary>
    private static int Deployments =>
        int.TryParse(Environment.GetEnvironmentVariable("SANBASHI_DEPLOYMENTS"), CultureInfo.InvariantCulture, out var count) ? count : 8;

    [Fact]
    public async Task Deployments_OneAfterAnotherUnderConstantLoad_FailNoRequest()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService("under-load", image, Version(0));
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host);

        for (var i = 1; i <= Deployments; i++)
        {
            await service.WaitForOperation(await service.Update(image, Version(i)), "SUCCEEDED");
            await load.GoOn(100);
        }

        var report = await load.Stop();
        output.WriteLine($"{Deployments} deployments: {report}");
        report.ShouldHaveNoFailures();
        report.Versions.Keys.Order().ShouldBe(Enumerable.Range(0, Deployments + 1).Select(i => $"v{i:000}"));
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    private static ServiceRequest Version(int number) => new()
    {
        Variables = new Dictionary<string, string> { ["APP_VERSION"] = $"v{number:000}", ["QUIET"] = "1" },

        // Streams are ended soon, so that a hundred deployments do not wait for a hundred drains.
        Settings = new Dictionary<string, string> { ["drain-timeout"] = "3s" },
    };
}
