using System.Net;
using System.Net.Sockets;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Admission;

public sealed class AdmissionTests
{
    [Fact]
    public async Task Requests_BeyondTheConcurrency_WaitInOrder()
    {
        var release = new SemaphoreSlim(0);
        var most = 0;
        var now = 0;
        var arrived = new List<string>();
        await using var backend = await Backend.Start(async context =>
        {
            lock (arrived)
            {
                arrived.Add(context.Request.Path);
                most = Math.Max(most, ++now);
            }

            await release.WaitAsync();
            lock (arrived)
            {
                now--;
            }
        });
        var route = Routes.To(backend).With(limits => limits with { MaxConcurrency = 1 });
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;

        var requests = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 5; i++)
        {
            requests.Add(gateway.Client.GetAsync($"/{i}"));
            var expected = i;
            await Eventually.Holds(() => i == 0 ? backend.Seen.Count == 1 : platform.Hub.Waiting(route.ServiceId) == expected, $"request {i} is there");
        }

        platform.Signals.ShouldContain(route.ServiceId);
        for (var i = 0; i < 5; i++)
        {
            release.Release();
            (await requests[i].InTime()).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        most.ShouldBe(1);
        arrived.ShouldBe(["/0", "/1", "/2", "/3", "/4"]);
        await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 0, "nobody waits any more");
    }

    [Fact]
    public async Task Queue_ThatIsFull_Is429WithRetryAfter()
    {
        await using var backend = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        var route = Routes.To(backend).With(limits => limits with { MaxConcurrency = 1, QueueLength = 1 });
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        using var first = new CancellationTokenSource();
        var open = gateway.Client.GetAsync("/1", first.Token);
        await Eventually.Holds(() => backend.Seen.Count == 1, "one is served");
        var waiting = gateway.Client.GetAsync("/2", first.Token);
        await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 1, "one waits");

        using var response = await gateway.Client.GetAsync("/3");

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(open);
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task Queue_WhoseTimeIsOver_Is429()
    {
        await using var backend = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { MaxConcurrency = 1, QueueTimeout = TimeSpan.FromMilliseconds(200) }));
        using var stop = new CancellationTokenSource();
        var open = gateway.Client.GetAsync("/1", stop.Token);
        await Eventually.Holds(() => backend.Seen.Count == 1, "one is served");

        using var response = await gateway.Client.GetAsync("/2").InTime();

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(open);
    }

    [Fact]
    public async Task Client_ThatGoesAwayWhileWaiting_LeavesTheQueue()
    {
        var release = new TaskCompletionSource();
        await using var backend = await Backend.Start(_ => release.Task);
        var route = Routes.To(backend).With(limits => limits with { MaxConcurrency = 1 });
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        var open = gateway.Client.GetAsync("/1");
        await Eventually.Holds(() => backend.Seen.Count == 1, "one is served");
        await using (var connection = await RawConnection.To(gateway))
        {
            await connection.Send($"GET /2 HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
            await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 1, "one waits");
            connection.Reset();
        }

        await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 0, "nobody waits");
        release.SetResult();
        (await open.InTime()).StatusCode.ShouldBe(HttpStatusCode.OK);
        backend.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task NewInstance_InTheRoute_TakesThoseWhoWait()
    {
        await using var busy = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await using var free = await Backend.Start("free");
        var route = Routes.To(busy).With(limits => limits with { MaxConcurrency = 1 });
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        using var stop = new CancellationTokenSource();
        var open = gateway.Client.GetAsync("/1", stop.Token);
        await Eventually.Holds(() => busy.Seen.Count == 1, "one is served");
        var waiting = gateway.Client.GetStringAsync("/2");
        await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 1, "one waits");

        await platform.Publish(route with { Instances = [busy.AsInstance(), free.AsInstance()] });

        (await waiting.InTime()).ShouldBe("free");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(open);
    }

    [Fact]
    public async Task ServiceThatIsPaused_TurnsAwayThoseWhoWait()
    {
        await using var busy = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        var route = Routes.To(busy).With(limits => limits with { MaxConcurrency = 1 });
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        using var stop = new CancellationTokenSource();
        var open = gateway.Client.GetAsync("/1", stop.Token);
        await Eventually.Holds(() => busy.Seen.Count == 1, "one is served");
        var waiting = gateway.Client.GetAsync("/2");
        await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 1, "one waits");

        await platform.Publish(route with { Availability = RouteAvailability.Paused, Instances = [] });

        (await waiting.InTime()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(open);
    }

    [Fact]
    public async Task Balancing_GoesToTheInstanceWithTheFewestInFlight()
    {
        var release = new TaskCompletionSource();
        await using var a = await Backend.Start(_ => release.Task);
        await using var b = await Backend.Start(_ => release.Task);
        await using var c = await Backend.Start(_ => release.Task);
        await using var gateway = await TestGateway.Serving(Routes.To(a, b, c));

        var requests = new List<Task>();
        for (var i = 1; i <= 12; i++)
        {
            requests.Add(gateway.Client.GetAsync("/"));
            var expected = i;
            await Eventually.Holds(() => a.Seen.Count + b.Seen.Count + c.Seen.Count == expected, "the request arrived");
        }

        new[] { a.Seen.Count, b.Seen.Count, c.Seen.Count }.ShouldBe([4, 4, 4]);
        release.SetResult();
        await Task.WhenAll(requests).InTime();
    }

    [Fact]
    public async Task InstanceThatRefuses_IsEjectedAndTheRequestGoesElsewhere()
    {
        await using var alive = await Backend.Start("alive");
        var dead = new RouteInstance(new string('d', 32), 1, await ClosedAddress());
        var route = Routes.To(alive) with { Instances = [dead, alive.AsInstance()] };
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;

        for (var i = 0; i < 10; i++)
        {
            using var response = await gateway.Client.PostAsync("/", new StringContent("body"));
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        alive.Seen.Count.ShouldBe(10);
        await Eventually.Holds(() => platform.Hub.Ejected(route.ServiceId).SequenceEqual([dead.InstanceId]), "the control plane knows");
        platform.Signals.ShouldContain(route.ServiceId);
    }

    [Fact]
    public async Task ManyInstancesThatRefuse_DoNotFailTheFirstRequest()
    {
        await using var alive = await Backend.Start("alive");
        var dead = new List<RouteInstance>();
        for (var i = 0; i < 10; i++)
        {
            dead.Add(new RouteInstance($"{i:x32}", 1, await ClosedAddress()));
        }

        await using var gateway = await TestGateway.Serving(Routes.To(alive) with { Instances = [.. dead, alive.AsInstance()] });

        (await gateway.Client.GetStringAsync("/")).ShouldBe("alive");
    }

    [Fact]
    public async Task InstanceThatWasEjected_IsUsedAgainWhenARouteConfirmsIt()
    {
        var address = await ClosedAddress();
        var instance = new RouteInstance(new string('d', 32), 1, address);
        var route = Routes.To() with { Instances = [instance] };
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        var waiting = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => platform.Hub.Ejected(route.ServiceId).Count == 1, "the instance is ejected");

        await using var backend = await Backend.Start(context => context.Response.WriteAsync("back"), port: int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        await platform.Publish(route);

        (await waiting.InTime()).ShouldBe("back", "the request was held until then");
        platform.Hub.Ejected(route.ServiceId).ShouldBeEmpty();
    }

    [Fact]
    public async Task InstanceThatWasEjected_StaysKnownToAControlPlaneThatReturns()
    {
        var route = Routes.To() with { Instances = [new RouteInstance(new string('d', 32), 1, await ClosedAddress())] };
        var (platform, gateway) = await Platform.Serving(route.With(limits => limits with { QueueTimeout = TimeSpan.FromMilliseconds(100) }));
        await using var owned = platform;
        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await platform.StopHub();
        platform.StartHub();
        platform.Hub.SetInitial([], [route.ServiceId]);

        await Eventually.Holds(() => platform.Hub.Ejected(route.ServiceId).Count == 1, "the ejection is said again");
    }

    [Fact]
    public async Task InstanceThatWasEjected_WithoutAControlPlane_IsTriedByTheGatewayItself()
    {
        var address = await ClosedAddress();
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [new RouteInstance(new string('d', 32), 1, address)] });
        var waiting = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "the first attempt has failed");

        await using var backend = await Backend.Start(context => context.Response.WriteAsync("back"), port: int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));

        (await waiting.InTime()).ShouldBe("back");
    }

    [Fact]
    public async Task IdempotentRequest_WhoseConnectionBreaks_IsRepeated()
    {
        var attempts = 0;
        await using var backend = await RawBackend.Start(async connection =>
        {
            while (await connection.ReadHead() is not null)
            {
                if (Interlocked.Increment(ref attempts) == 1)
                {
                    return;
                }

                await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });

        (await gateway.Client.GetStringAsync("/")).ShouldBe("ok");
        attempts.ShouldBe(2);
    }

    [Fact]
    public async Task RequestWithABody_WhoseConnectionBreaks_IsNotRepeated()
    {
        var attempts = 0;
        await using var backend = await RawBackend.Start(async connection =>
        {
            await connection.ReadHead();
            Interlocked.Increment(ref attempts);
        });
        await using var gateway = await TestGateway.Serving(Routes.To() with { Instances = [backend.AsInstance()] });

        (await gateway.Client.PostAsync("/", new StringContent("pay once"))).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        attempts.ShouldBe(1);
    }

    private static Task<string> ClosedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Task.FromResult(listener.LocalEndpoint.ToString()!);
    }
}
