using System.Net;
using System.Net.WebSockets;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Exchanges;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Request_WithoutAnAnswerInItsTime_Is504()
    {
        await using var backend = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { RequestTimeout = Short }));

        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "it is over at the instance");
        (await gateway.Client.GetAsync("/").InTime()).StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout, "the connection's next request has a clock of its own");
    }

    [Fact]
    public async Task Answer_ThatIsNotCompleteInItsTime_IsCut()
    {
        await using var backend = await Backend.Start(async context =>
        {
            await context.Response.WriteAsync("begin");
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { RequestTimeout = Short }));

        await Should.ThrowAsync<HttpRequestException>(() => gateway.Client.GetStringAsync("/").InTime());
    }

    [Fact]
    public async Task Upload_ThatIsNotCompleteInItsTime_Is504()
    {
        await using var backend = await Backend.Start(context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { RequestTimeout = Short }));
        await using var connection = await RawConnection.To(gateway);

        await connection.Send($"POST / HTTP/1.1\r\nHost: {Routes.Host}\r\nContent-Length: 100\r\n\r\nbegin");

        (await connection.ReadUntil("\r\n\r\n")).ShouldStartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task EventStream_BeyondTheRequestTime_GoesOn()
    {
        await using var backend = await Backend.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 10; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(50);
            }
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { RequestTimeout = TimeSpan.FromMilliseconds(200), IdleTimeout = TimeSpan.FromSeconds(10) }));

        (await gateway.Client.GetStringAsync("/").InTime()).ShouldContain("data: 9");
    }

    [Fact]
    public async Task EventStream_ThatIsSilentForItsIdleTime_EndsProperly()
    {
        await using var backend = await Backend.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { IdleTimeout = Short }));

        (await gateway.Client.GetStringAsync("/").InTime()).ShouldBe("data: 1\n\n");
    }

    [Fact]
    public async Task WebSocket_BeyondTheRequestTime_GoesOnUntilItIsSilent()
    {
        await using var backend = await Backend.Start(WebSocketPeers.Echo);
        await using var gateway = await TestGateway.Serving(Routes.To(backend).With(limits => limits with { RequestTimeout = TimeSpan.FromMilliseconds(200), IdleTimeout = TimeSpan.FromMilliseconds(600) }));
        using var socket = await WebSocketPeers.Connect(gateway);

        for (var i = 0; i < 20; i++)
        {
            await socket.SendText($"{i}");
            (await socket.ReceiveText()).ShouldBe($"{i}");
            await Task.Delay(30);
        }

        (await socket.ReceiveClose()).Status.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Fact]
    public async Task WebSocket_ClosedByAPeer_PassesTheClosingHandshakeOn()
    {
        await using var backend = await Backend.Start(WebSocketPeers.Echo);
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        using var socket = await WebSocketPeers.Connect(gateway);

        await socket.CloseAsync((WebSocketCloseStatus)4001, "done", CancellationToken.None).InTime();

        socket.CloseStatus.ShouldBe((WebSocketCloseStatus)4001);
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "the connection is over");
    }

    [Fact]
    public async Task WebSocket_LargeMessages_PassUnchanged()
    {
        await using var backend = await Backend.Start(WebSocketPeers.Echo);
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        using var socket = await WebSocketPeers.Connect(gateway);
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => (char)('a' + (i % 26))));

        await socket.SendText(text);

        (await socket.ReceiveText()).ShouldBe(text);
    }
}
