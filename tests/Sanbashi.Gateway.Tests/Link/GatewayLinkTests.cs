using System.Net;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Link;

public sealed class GatewayLinkTests
{
    [Fact]
    public async Task Publish_OfARoute_IsServedWhenItCompletes()
    {
        await using var first = await Backend.Start("first");
        await using var second = await Backend.Start("second");
        var (platform, gateway) = await Platform.Serving(Routes.To(first));
        await using var owned = platform;
        (await gateway.Client.GetStringAsync("/")).ShouldBe("first");

        for (var i = 0; i < 20; i++)
        {
            var backend = i % 2 == 0 ? second : first;
            await platform.Publish(Routes.To(backend));
            (await gateway.Client.GetStringAsync("/")).ShouldBe(i % 2 == 0 ? "second" : "first");
        }
    }

    [Fact]
    public async Task Publish_WithSeveralGateways_WaitsForAll()
    {
        await using var first = await Backend.Start("first");
        await using var second = await Backend.Start("second");
        var (platform, gateway) = await Platform.Serving(Routes.To(first));
        await using var owned = platform;
        var other = await platform.AddGateway();
        await Eventually.Holds(() => platform.Hub.GatewayCount == 2, "two gateways are connected");

        await platform.Publish(Routes.To(second));

        (await gateway.Client.GetStringAsync("/")).ShouldBe("second");
        (await other.Client.GetStringAsync("/")).ShouldBe("second");
    }

    [Fact]
    public async Task Publish_WithoutGateways_CompletesAndServesLaterOnes()
    {
        await using var backend = await Backend.Start("hello");
        await using var platform = Platform.Empty();
        platform.Hub.SetInitial([], []);

        await platform.Publish(Routes.To(backend));
        var gateway = await platform.AddGateway();

        (await gateway.Client.GetStringAsync("/")).ShouldBe("hello");
    }

    [Fact]
    public async Task Remove_OfAService_MakesItsHostUnknown()
    {
        await using var backend = await Backend.Start("hello");
        var (platform, gateway) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;

        await platform.Hub.Remove(Routes.IdOf(Routes.Host), CancellationToken.None).InTime();

        (await gateway.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task InFlight_AfterAPublish_CountsWhatIsOpenOnTheOldInstance()
    {
        var release = new TaskCompletionSource();
        await using var old = await Backend.Start(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("old");
        });
        await using var fresh = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Routes.To(old));
        await using var owned = platform;
        var open = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => old.Seen.Count == 1, "the request is at the old instance");

        var route = Routes.To(fresh) with { Draining = [old.AsDraining(DateTimeOffset.UtcNow.AddMinutes(5))] };
        await platform.Publish(route);

        platform.Hub.InFlight(old.Id).ShouldBe(1);
        platform.Hub.InFlight(fresh.Id).ShouldBe(0);
        platform.Signals.Clear();
        release.SetResult();
        (await open.InTime()).ShouldBe("old");
        await Eventually.Holds(() => platform.Signals.Contains(route.ServiceId) && platform.Hub.InFlight(old.Id) == 0, "the idle instance is signalled");
    }

    [Fact]
    public async Task InFlight_WithoutGateways_IsUnknown()
    {
        await using var platform = Platform.Empty();
        platform.Hub.SetInitial([], []);

        platform.Hub.InFlight("x").ShouldBeNull();
        await platform.AddGateway();
        await Eventually.Holds(() => platform.Hub.InFlight("x") == 0, "a gateway has reported");
    }

    [Fact]
    public async Task Gateway_WhileTheControlPlaneIsAway_GoesOnServing()
    {
        await using var first = await Backend.Start("first");
        await using var second = await Backend.Start("second");
        var (platform, gateway) = await Platform.Serving(Routes.To(first));
        await using var owned = platform;

        await platform.StopHub();
        (await gateway.Client.GetStringAsync("/")).ShouldBe("first");

        platform.StartHub();
        platform.Hub.SetInitial([Routes.To(second)], []);
        await Eventually.Holds(() => platform.Hub.GatewayCount == 1, "the gateway came back");
        await platform.Publish(Routes.To(second));
        (await gateway.Client.GetStringAsync("/")).ShouldBe("second");
    }

    [Fact]
    public async Task Gateway_OfAControlPlaneThatIsNotReady_KeepsItsRoutes()
    {
        await using var backend = await Backend.Start("hello");
        var (platform, gateway) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;

        await platform.StopHub();
        platform.StartHub();
        for (var i = 0; i < 20; i++)
        {
            (await gateway.Client.GetStringAsync("/")).ShouldBe("hello");
            platform.Hub.GatewayCount.ShouldBe(0);
        }

        platform.Hub.SetInitial([], []);
        await Eventually.Holds(() => gateway.Client.GetAsync("/").Result.StatusCode == HttpStatusCode.NotFound, "the empty snapshot was applied");
    }

    [Fact]
    public async Task Snapshot_WithUnsettledServices_LeavesTheirRoutesAlone()
    {
        await using var known = await Backend.Start("known");
        await using var other = await Backend.Start("other");
        var (platform, gateway) = await Platform.Serving(Routes.To(known), Routes.To(other).At("other.sanbashi.localhost"));
        await using var owned = platform;

        await platform.StopHub();
        platform.StartHub();
        platform.Hub.SetInitial([], [Routes.IdOf(Routes.Host), Routes.IdOf("new.sanbashi.localhost")]);
        await Eventually.Holds(() => platform.Hub.InFlight("x") == 0, "the gateway has applied the snapshot");

        (await gateway.Client.GetStringAsync("/")).ShouldBe("known");
        var unknown = gateway.Client.SendAsync(To("other.sanbashi.localhost"));
        var awaited = gateway.Client.SendAsync(To("new.sanbashi.localhost"));
        await platform.Publish(Routes.To(known));
        unknown.IsCompleted.ShouldBeFalse("its service may be the one whose route is not here yet");
        awaited.IsCompleted.ShouldBeFalse();

        await platform.Publish(Routes.To(other).At("new.sanbashi.localhost"));

        (await (await awaited.InTime()).Content.ReadAsStringAsync()).ShouldBe("other");
        (await unknown.InTime()).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        static HttpRequestMessage To(string host) => new(HttpMethod.Get, "/") { Headers = { Host = host } };
    }

    [Fact]
    public async Task Gateway_ThatStartsWithoutAControlPlane_ServesTheRoutesOnDisk()
    {
        await using var backend = await Backend.Start("hello");
        var (platform, gateway) = await Platform.Serving(Routes.To());
        await using var owned = platform;
        await platform.Publish(Routes.To(backend));
        var folder = Directory.CreateTempSubdirectory("gateway-").FullName;
        File.Copy(gateway.SnapshotPath, Path.Combine(folder, "routes.json"));

        await using var restarted = await TestGateway.Start(folder, options => options with { ControlSocketPath = Path.Combine(folder, "nobody.sock") });

        (await restarted.Client.GetStringAsync("/")).ShouldBe("hello");
    }

    [Fact]
    public async Task Gateway_WithATornSnapshot_StartsWithoutRoutes()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "routes.json"), "{\"format\":1,\"sequence\":3,\"rou");

        await using var gateway = await TestGateway.Start(folder, options => options with { RoutesWait = TimeSpan.FromMilliseconds(50) });

        (await gateway.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Totals_OfRestartedAndSeveralGateways_AddUp()
    {
        await using var backend = await Backend.Start("hello");
        var (platform, gateway) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        var other = await platform.AddGateway();

        for (var i = 0; i < 3; i++)
        {
            await gateway.Client.GetStringAsync("/");
            await other.Client.GetStringAsync("/");
        }

        await Eventually.Holds(() => Requests(platform) == 6, "both gateways have reported");
        await platform.StopHub();
        platform.StartHub();
        platform.Hub.SetInitial([Routes.To(backend)], []);
        await Eventually.Holds(() => Requests(platform) == 6, "a new control plane hears the counts again");
        await gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => Requests(platform) == 7, "and what is added");

        static long Requests(Platform platform) => platform.Hub.Totals().SingleOrDefault()?.StatusCounts[1] ?? 0;
    }
}
