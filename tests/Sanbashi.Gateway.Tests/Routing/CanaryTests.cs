using System.Net;
using System.Text.Json;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Routing;

/// <summary>Canaries through a real gateway.</summary>
public sealed class CanaryTests
{
    [Fact]
    public async Task Requests_AreSharedAsTheRouteSays_AndTheLoadIsReportedApart()
    {
        await using var old = await Backend.Start("old");
        await using var fresh = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Routes.To(old).Beside(30, fresh));
        await using var owned = platform;

        for (var i = 0; i < 100; i++)
        {
            await gateway.Client.GetStringAsync("/");
        }

        fresh.Seen.Count.ShouldBe(30);
        await Eventually.Holds(() => platform.Hub.CanaryDemand(Routes.IdOf(Routes.Host)).Peaks.Count > 0, "the canary's load is known");
        platform.Hub.Demand(Routes.IdOf(Routes.Host)).Peaks.ShouldNotBeEmpty();

        await platform.Publish(Routes.To(fresh));
        (await gateway.Client.GetStringAsync("/")).ShouldBe("new");
        platform.Hub.CanaryDemand(Routes.IdOf(Routes.Host)).Peaks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Canary_ThatRefusesConnections_CostsNoRequest()
    {
        await using var old = await Backend.Start("old");
        var gone = await Backend.Start("new");
        await using var gateway = await TestGateway.Serving(Routes.To(old).Beside(50, gone));
        await gone.DisposeAsync();

        for (var i = 0; i < 20; i++)
        {
            (await gateway.Client.GetStringAsync("/")).ShouldBe("old");
        }
    }

    [Fact]
    public async Task Canary_OfAnotherProtocol_IsSpokenToInIt()
    {
        await using var old = await Backend.Start("old");
        await using var fresh = await Backend.Start(context => context.Response.WriteAsync("new"), Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2);
        var route = Routes.To(old).Beside(50, fresh);
        await using var gateway = await TestGateway.Serving(route with { Canary = route.Canary! with { Protocol = InstanceProtocol.Http2 } });

        for (var i = 0; i < 20; i++)
        {
            (await gateway.Client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        fresh.Seen.ShouldAllBe(request => request.Protocol == "HTTP/2");
        fresh.Seen.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Client_WithItsCookie_StaysWithItsRevision_AlsoWhenItsInstanceIsReplaced()
    {
        await using var old = await Backend.Start("old");
        await using var one = await Backend.Start("new");
        await using var other = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Sticky(Routes.To(old).Beside(50, one)));
        await using var owned = platform;
        var clients = new List<(string Revision, string Cookie)>();
        for (var i = 0; i < 10; i++)
        {
            clients.Add(await Ask(gateway, null));
        }

        clients.Count(client => client.Revision == "new").ShouldBeInRange(3, 7);
        await AllStay();

        await platform.Publish(Sticky(Routes.To(old).Beside(1, other)));
        await AllStay();

        async Task AllStay()
        {
            foreach (var (revision, cookie) in clients)
            {
                (await Ask(gateway, cookie)).Revision.ShouldBe(revision);
            }
        }
    }

    [Fact]
    public async Task Client_OfACanaryThatIsTakenBack_GetsAnotherPlace()
    {
        await using var old = await Backend.Start("old");
        await using var fresh = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Sticky(Routes.To(old).Beside(100, fresh)));
        await using var owned = platform;
        var (revision, cookie) = await Ask(gateway, null);
        revision.ShouldBe("new");

        await platform.Publish(Sticky(Routes.To(old).Beside(0, fresh)));
        (await Ask(gateway, cookie)).Revision.ShouldBe("old", "nobody goes to a canary without a share");
        await platform.Publish(Sticky(Routes.To(old)));
        (await Ask(gateway, cookie)).Revision.ShouldBe("old");
    }

    /// <summary>Version N talks to N-1: what an older gateway reads of the route is a route without a canary, and it does not mind the rest.</summary>
    [Fact]
    public void Route_AsAnOlderGatewayReadsIt_HasOnlyTheServingInstances()
    {
        var route = Routes.To().Beside(50) with { Instances = [new RouteInstance("s", 1, "127.0.0.1:1")] };
        route = route with { Canary = route.Canary! with { Instances = [new RouteInstance("c", 2, "127.0.0.1:2")] } };
        using var json = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes<ControlPlaneMessage>(new RouteChanged(1, route), RoutingJsonContext.Default.ControlPlaneMessage));

        json.RootElement.GetProperty("route").GetProperty("instances").EnumerateArray().Select(instance => instance.GetProperty("instanceId").GetString()).ShouldBe(["s"]);
        JsonSerializer.Deserialize("""{"type":"traffic","instances":[],"services":[{"serviceId":"x","inFlight":1,"waiting":0,"highest":2,"statusCounts":[],"latencyBuckets":[],"latencySumSeconds":0}]}""", RoutingJsonContext.Default.GatewayMessage)
            .ShouldBeOfType<TrafficReport>().Services[0].Serving.ShouldBeNull();
    }

    private static ServiceRoute Sticky(ServiceRoute route) => route with { Stickiness = RouteStickiness.Cookie };

    private static async Task<(string Revision, string Cookie)> Ask(TestGateway gateway, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        using var answer = await gateway.Client.SendAsync(request);
        return (await answer.Content.ReadAsStringAsync(), answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0] : cookie!);
    }
}
