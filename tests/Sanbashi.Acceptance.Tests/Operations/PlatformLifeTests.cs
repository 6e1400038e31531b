using System.Net;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Operations;

/// <summary>Starting, stopping and keeping a platform, by the command line.</summary>
public sealed class PlatformLifeTests(SharedPlatform shared)
{
    [Fact]
    public async Task Up_OnAStateThatRunsAlready_SaysSo()
    {
        var platform = await shared.Get();

        var second = await platform.Cli("up", "--listen", "127.0.0.1:0", "--http", "none", "--https", "none");

        second.ExitCode.ShouldNotBe(0);
        second.Error.ShouldContain("runs already");
        second.Error.ShouldContain(platform.ApiUrl.Authority);
    }

    [Fact]
    public async Task Platform_StoppedAndStarted_KeepsItsServicesRunning()
    {
        await using var platform = await shared.Start();
        var service = await platform.Api.RunService("outlives", await shared.Images.TestApp());
        var host = (string)(await platform.Gateway.Describe(service.Host))["host"]!;

        (await platform.Cli("down")).ShouldSucceed();
        await platform.Stop();
        await platform.Up();

        // The very same process answers: it was neither stopped nor started again.
        var survivor = service.On(platform.Api);
        ((string)(await platform.Gateway.Describe(service.Host))["host"]!).ShouldBe(host);
        (await survivor.Status()).ShouldBe("RUNNING");
        await survivor.WaitForOperation(await survivor.StartDeployment(), "SUCCEEDED");
    }

    [Fact]
    public async Task Up_WithHttpsRedirect_RedirectsAllButATrustedProxysHttps()
    {
        await using var platform = await shared.Start("--https-redirect", "--trusted-proxy", "127.0.0.1");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });

        using var redirected = await http.GetAsync($"http://{platform.Http}/a?b");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{platform.Http}/a?b") { Headers = { { "X-Forwarded-Proto", "https" } } };
        using var passed = await http.SendAsync(request);

        redirected.StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect);
        redirected.Headers.Location.ShouldBe(new Uri($"https://127.0.0.1:{new Uri($"https://{platform.Https}").Port}/a?b"));
        passed.StatusCode.ShouldNotBe(HttpStatusCode.PermanentRedirect);
    }

    [Fact]
    public async Task Backup_RestoredOnANewState_HasTheServicesBack()
    {
        await using var platform = await shared.Start();
        var service = await platform.Api.RunService("restored", await shared.Images.TestApp(), Version("kept"));
        var backup = Path.Combine(Path.GetDirectoryName(platform.State)!, "backup.tar.gz");
        (await platform.Cli("backup", backup)).ShouldSucceed();
        await service.WaitForOperation(await service.Update(await shared.Images.TestApp(), Version("lost")), "SUCCEEDED");
        await platform.Stop();

        (await platform.Cli("restore", backup, "--force")).ShouldSucceed();
        await platform.Up();

        var restored = service.On(platform.Api);
        (await restored.Status()).ShouldBe("RUNNING");
        await Eventually.True(async () => (await platform.Gateway.Get(service.Host, "/")).Status == HttpStatusCode.OK);
        await Eventually.Get(() => platform.Gateway.Version(service.Host), version => version == "kept");
    }

    private static ServiceRequest Version(string version) => new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version } };
}
