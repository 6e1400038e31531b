using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Admission;

/// <summary>WebSockets and event streams that are limited apart from requests.</summary>
public sealed class StreamLimitTests
{
    [Fact]
    public async Task Streams_LimitedApart_TakeNoPlaceOfRequests()
    {
        await using var backend = await Backend.Start(Answer);
        var (platform, gateway) = await Platform.Serving(Limited(backend, maxConcurrency: 1, maxStreams: 5));
        await using var owned = platform;
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 5; i++)
        {
            sockets.Add(await WebSocketPeers.Connect(gateway));
        }

        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Holds(() => platform.Hub.InFlight(backend.Id) == 5, "five are open");
        platform.Hub.Demand(Routes.IdOf(Routes.Host)).Open.ShouldBe(1, "as much as one request: they fill one instance");
        sockets.ForEach(socket => socket.Dispose());
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "nothing is open");
    }

    [Fact]
    public async Task Stream_BeyondTheLimit_WaitsAndIs429ThatSaysWhy_AndAnotherTakesItsPlaceWhenOneEnds()
    {
        await using var backend = await Backend.Start(Answer);
        var route = Limited(backend, maxConcurrency: 10, maxStreams: 1);
        var (platform, gateway) = await Platform.Serving(route.With(limits => limits with { QueueTimeout = TimeSpan.FromMilliseconds(300) }));
        await using var owned = platform;
        using var first = await gateway.Client.SendAsync(EventStream(), HttpCompletionOption.ResponseHeadersRead).InTime();

        using (var refused = await gateway.Client.SendAsync(EventStream()).InTime())
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await refused.Content.ReadAsStringAsync()).ShouldContain("max-streams");
        }

        await platform.Publish(route);
        var waiting = gateway.Client.SendAsync(EventStream(), HttpCompletionOption.ResponseHeadersRead);
        await Eventually.Holds(() => platform.Hub.Waiting(route.ServiceId) == 1, "one waits");
        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.OK, "requests do not wait behind streams");

        first.Dispose();
        using var second = await waiting.InTime();
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task EventStream_ThatNobodyAskedFor_CountsFromItsAnswerOn_AndIsRefusedBeyondTheLimit()
    {
        await using var backend = await Backend.Start(Answer);
        var (platform, gateway) = await Platform.Serving(Limited(backend, maxConcurrency: 1, maxStreams: 1));
        await using var owned = platform;
        using var first = await gateway.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead).InTime();
        first.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");

        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.OK, "it takes no request's place any more");
        using var refused = await gateway.Client.GetAsync("/events").InTime();

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Content.Headers.ContentType!.MediaType.ShouldNotBe("text/event-stream");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Content.ReadAsStringAsync()).ShouldContain("max-streams");
        await Eventually.Holds(() => gateway.Host.InFlight == 1, "only the first is open");
    }

    [Fact]
    public async Task Streams_WithoutALimitOfTheirOwn_CountAsRequests()
    {
        await using var backend = await Backend.Start(Answer);
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { MaxConcurrency = 1, QueueTimeout = TimeSpan.FromMilliseconds(300) }));
        using var stream = await gateway.Client.SendAsync(EventStream(), HttpCompletionOption.ResponseHeadersRead).InTime();

        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Limit_ThatIsLifted_LeavesTheCountsRight()
    {
        await using var backend = await Backend.Start(Answer);
        var route = Limited(backend, maxConcurrency: 1, maxStreams: 2);
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        using (var before = await gateway.Client.SendAsync(EventStream(), HttpCompletionOption.ResponseHeadersRead).InTime())
        {
            await platform.Publish(route.With(limits => limits with { MaxStreams = null }));
            using var after = await gateway.Client.SendAsync(EventStream(), HttpCompletionOption.ResponseHeadersRead).InTime();
            await platform.Publish(route);
        }

        await Eventually.Holds(() => gateway.Host.InFlight == 0, "nothing is open");
        await Eventually.Holds(() => platform.Hub.Demand(route.ServiceId).Open == 0, "and nothing is said to be");
        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static ServiceRoute Limited(Backend backend, int maxConcurrency, int maxStreams) =>
        Routes.To(backend).With(limits => limits with { MaxConcurrency = maxConcurrency, MaxStreams = maxStreams });

    private static HttpRequestMessage EventStream()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }

    private static async Task Answer(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await WebSocketPeers.Echo(context);
            return;
        }

        if (context.Request.Path != "/events")
        {
            await context.Response.WriteAsync("ok");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: 1\n\n");
        await context.Response.Body.FlushAsync();
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }
}
