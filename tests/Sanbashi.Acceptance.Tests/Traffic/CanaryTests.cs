using System.Globalization;
using System.Net;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Traffic;

/// <summary>A new revision that takes a share of the requests, by the commands and tags that people use.</summary>
public sealed class CanaryTests(SharedPlatform shared, ITestOutputHelper output)
{
    private const string Name = "canaried";

    [Fact]
    public async Task Canary_UnderLoad_TakesItsShare_AndIsPromotedAndRolledBackWithoutAFailure()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService(Name, image, Version("one"));
        await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host, Light);

        // The share comes as a tag, the deployment by the API: it is done when the canary has its share, and whoever waits for RUNNING goes on.
        await platform.Aws.Run("apprunner", "tag-resource", "--resource-arn", service.Arn, "--tags", "Key=sanbashi:traffic,Value=new=20%");
        await service.WaitForOperation(await service.Update(image, Version("two")), "SUCCEEDED");
        (await service.Status()).ShouldBe("RUNNING");
        await service.WaitForEvent("Revision 2 takes 20% of the requests as the canary, beside revision 1.");
        await ShouldShare(platform, service, "two", 20);

        (await platform.Cli("svc", "traffic", Name, "new=60%")).ShouldSucceed().Output.ShouldContain("60%");
        await service.WaitForEvent("The canary, revision 2, takes 60% of the requests.");
        await ShouldShare(platform, service, "two", 60);
        (await platform.Cli("svc", "status", Name)).ShouldSucceed().Output.ShouldContain("takes 60% of the requests");
        (await platform.Cli("svc", "show", Name)).ShouldSucceed().Output.ShouldContain("canary");

        (await platform.Cli("svc", "promote", Name)).ShouldSucceed();
        await ShouldBeAll(platform, service, "two");

        // A second canary is taken back; the first revision is only two rollbacks away.
        await service.WaitForOperation(await service.Update(image, Version("three")), "SUCCEEDED");
        await ShouldShare(platform, service, "three", 60);
        (await platform.Cli("svc", "rollback", Name)).ShouldSucceed();
        await ShouldBeAll(platform, service, "two");
        (await platform.Cli("svc", "rollback", Name)).ShouldSucceed();
        await ShouldBeAll(platform, service, "one");

        var report = await load.Stop();
        output.WriteLine($"{report}");
        report.ShouldHaveNoFailures();
        report.Versions.Keys.Order().ShouldBe(["one", "three", "two"]);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Canary_ThatCrashes_IsWithdrawn_AndSurvivesWhatIsNotItsFault()
    {
        await using var platform = await shared.Start();
        var image = await shared.Images.TestApp();
        var service = await platform.Api.RunService(Name, image, Version("good"));
        (await platform.Cli("svc", "update", Name, "--env", "APP_VERSION=bad", "--traffic", "new=50%")).ShouldSucceed();

        // The control plane's death is nobody's fault.
        var former = await platform.Kill("control-plane");
        await platform.WaitForSuccessor("control-plane", former);
        await ShouldShare(platform, service, "bad", 50);
        var endpoint = (string)(await Eventually.Get(service.Instances, instances => instances.Count(instance => (string?)instance!["Health"] == "HEALTHY") == 2))
            .Single(instance => (int)instance!["Revision"]! == 2)!["Endpoint"]!;

        await Crash(endpoint);

        (await service.WaitForEvent("is withdrawn")).ShouldContain("exit code: 3", Case.Insensitive);
        await ShouldBeAll(platform, service, "good");
        (await service.Status()).ShouldBe("RUNNING");
        ((string)(await service.Describe())["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!["RuntimeEnvironmentVariables"]!["APP_VERSION"]!).ShouldBe("good");
        (await platform.Cli("svc", "promote", Name)).ExitCode.ShouldNotBe(0);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    [Fact]
    public async Task Services_UnderOneHost_ShareItByPath()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();
        const string Host = "www.example.com";
        var site = await platform.Api.RunService("site", image, Version("site"));
        var api = await platform.Api.RunService("site-api", image, Version("api"));

        (await platform.Cli("svc", "settings", "site", $"hosts={Host}")).ShouldSucceed();
        (await platform.Cli("svc", "settings", "site-api", $"hosts={Host}", "path=/slow")).ShouldSucceed();

        (await platform.Gateway.Version(Host)).ShouldBe("site");
        (await platform.Gateway.Get(Host, "/slow?ms=1")).Body.ShouldBe("api");
        (await platform.Gateway.Get(Host, "/slower")).Status.ShouldBe(HttpStatusCode.NotFound, "it is the site's, and has no such path");
        (await platform.Gateway.Get(site.Host, "/slow?ms=1")).Body.ShouldBe("site", "its own name leads to it with every path");
        var refused = await platform.Cli("svc", "settings", "site", "path=/slow");
        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain($"Service site can't have {Host}/slow: service site-api has it already.");

        await api.WaitForOperation(await api.Delete(), "SUCCEEDED");
        (await platform.Gateway.Get(Host, "/slow?ms=1")).Body.ShouldBe("site");
        (await platform.Cli("svc", "settings", "site", "path=/slow")).ShouldSucceed();
        (await platform.Gateway.Get(Host, "/")).Status.ShouldBe(HttpStatusCode.NotFound);
        await site.WaitForOperation(await site.Delete(), "SUCCEEDED");
    }

    /// <summary>
    /// Other clients ask at the same time, so these requests are a sample of an exact split: a share outside of five standard deviations comes once in millions of runs.
    /// </summary>
    private async Task ShouldShare(Platform platform, ServiceHandle service, string version, int percent)
    {
        const int Requests = 400;
        var answers = 0;
        for (var i = 0; i < Requests; i++)
        {
            answers += await platform.Gateway.Version(service.Host) == version ? 1 : 0;
        }

        var share = percent / 100.0;
        var bound = 5 * Math.Sqrt(Requests * share * (1 - share));
        output.WriteLine($"{answers} of {Requests} by {version}, which has {percent}%");
        Math.Abs(answers - (Requests * share)).ShouldBeLessThan(bound, string.Create(CultureInfo.InvariantCulture, $"{answers} of {Requests} requests went to {version}"));
    }

    private static async Task ShouldBeAll(Platform platform, ServiceHandle service, string version)
    {
        for (var i = 0; i < 50; i++)
        {
            (await platform.Gateway.Version(service.Host)).ShouldBe(version);
        }
    }

    private static async Task Crash(string endpoint)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{endpoint}/crash?code=3"), TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            // It cannot answer any more.
        }
    }

    private static LoadOptions Light => new() { KeepAliveClients = 3, SlowClients = 1, UploadClients = 1, EventStreamClients = 1, WebSocketClients = 1 };

    private static ServiceRequest Version(string version) => new()
    {
        Variables = new Dictionary<string, string> { ["APP_VERSION"] = version, ["QUIET"] = "1" },
        Settings = new Dictionary<string, string> { ["drain-timeout"] = "3s" },
    };
}
