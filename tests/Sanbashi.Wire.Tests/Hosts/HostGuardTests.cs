using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.Hosts;

public sealed class HostGuardTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost:4600", true)]
    [InlineData("console.sanbashi.localhost:4600", true)]
    [InlineData("127.0.0.1:4600", true)]
    [InlineData("[::1]:4600", true)]
    [InlineData("172.30.0.1", true)]
    [InlineData("sanbashi.example.com", true)]
    [InlineData("a.team.example", true)]
    [InlineData("team.example", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("", false)]
    public void Host_OfOursOrForeign_IsDecided(string host, bool isAllowed)
    {
        var guard = new HostGuard(Options.Create(new WireOptions { AllowedHosts = { "sanbashi.example.com", "*.team.example" } }));

        guard.IsAllowed(new HostString(host)).ShouldBe(isAllowed);
    }

    [Fact]
    public async Task ForeignHost_OnTheWire_IsDenied()
    {
        var service = new ApiService(ServiceModel.LoadEmbedded("apprunner")).Handle("ListServices", WireHost.Answer([]));
        await using var host = await WireHost.Start([service]);
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint);
        request.Headers.Host = "evil.example";
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "AppRunner.ListServices");
        SigV4Signer.Sign(request, default, WireHost.Root, "apprunner", WireHost.Region, TimeProvider.System.GetUtcNow());

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("'evil.example' is not one of this platform's");
    }

    [Fact]
    public async Task ForeignHost_OnAPageBehindTheGuard_IsMisdirected()
    {
        await using var host = await WireHost.Start([], map: app =>
        {
            app.UseHostGuard();
            app.UseRouting();
            app.MapGet("/page", () => "page");
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Endpoint, "/page"));
        request.Headers.Host = "evil.example";

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
        (await host.Http.GetStringAsync(new Uri(host.Endpoint, "/page"), TestContext.Current.CancellationToken)).ShouldBe("page");
    }
}
