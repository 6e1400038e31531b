using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Draining;

public sealed class DrainTests
{
    [Fact]
    public async Task Switch_UnderConstantLoad_LosesNothing()
    {
        await using var a = await Backend.Start("a");
        await using var b = await Backend.Start("b");
        var (platform, gateway) = await Platform.Serving(Routes.To(a));
        await using var owned = platform;
        using var stop = new CancellationTokenSource();
        var done = 0;
        var clients = Enumerable.Range(0, 8).Select(async number =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = number % 2 == 0
                    ? await gateway.Client.GetAsync("/")
                    : await gateway.Client.PostAsync("/", new ByteArrayContent(new byte[10_000]));
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
                Interlocked.Increment(ref done);
            }
        }).ToList();

        for (var i = 0; i < 30; i++)
        {
            var before = Volatile.Read(ref done);
            var (old, fresh) = i % 2 == 0 ? (a, b) : (b, a);
            await platform.Publish(Routes.To(fresh) with { Draining = [old.AsDraining(DateTimeOffset.UtcNow.AddMinutes(1))] });
            var seen = old.Seen.Count + (platform.Hub.InFlight(old.Id) ?? 0);
            await Eventually.Holds(() => Volatile.Read(ref done) > before + 10, "requests go on");
            old.Seen.Count.ShouldBeLessThanOrEqualTo(seen, "nothing new reaches an instance after the switch");
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients).InTime();
    }

    [Fact]
    public async Task WebSocket_WhenItsInstanceDrains_GetsCloseCode1001OnBothSides()
    {
        var closedWith = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var old = await Backend.Start(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (message.MessageType == WebSocketMessageType.Close)
                {
                    closedWith.SetResult(socket.CloseStatus);
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
            }
        });
        await using var fresh = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Routes.To(old));
        await using var owned = platform;
        using var socket = await WebSocketPeers.Connect(gateway);
        await socket.SendText("hello");
        (await socket.ReceiveText()).ShouldBe("hello");

        await platform.Publish(Routes.To(fresh) with { Draining = [old.AsDraining(DateTimeOffset.UtcNow.AddMinutes(5))] });
        await socket.SendText("still here");
        (await socket.ReceiveText()).ShouldBe("still here");
        platform.Hub.InFlight(old.Id).ShouldBe(1);
        await platform.Publish(Routes.To(fresh) with { Draining = [old.AsDraining(DateTimeOffset.UtcNow)] });

        (await socket.ReceiveClose()).ShouldBe((WebSocketCloseStatus.EndpointUnavailable, "the instance is being replaced"));
        (await closedWith.Task.InTime()).ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).InTime();
        await Eventually.Holds(() => platform.Hub.InFlight(old.Id) == 0, "the connection is over");
        await Eventually.Holds(() => platform.Hub.Totals().Single().StatusCounts is [1, _, _, 0, 0], "it does not count as failed");
    }

    [Fact]
    public async Task WebSocket_InTheMiddleOfFrames_GetsTheCloseFrameBetweenThem()
    {
        var toInstance = new TaskCompletionSource<byte[]>();
        var half = new TaskCompletionSource();
        var rest = new TaskCompletionSource();
        await using var backend = await RawBackend.Start(async connection =>
        {
            await connection.ReadHead();
            await connection.Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");

            // A whole frame, then the first half of another.
            await connection.Send("\x81\x05hello\x81\x06wor");
            var fromClient = new List<byte>();
            var reading = Task.Run(async () =>
            {
                var buffer = new byte[1024];
                int count;
                while ((count = await connection.Stream.ReadAsync(buffer, connection.Stop)) > 0)
                {
                    fromClient.AddRange(buffer.AsSpan(0, count));
                    half.TrySetResult();
                    if (fromClient.Count >= 11 + 6 + 2)
                    {
                        break;
                    }
                }
            });
            await rest.Task;
            await connection.Send("ld!\x81\x04lost");
            await reading;
            toInstance.SetResult([.. fromClient]);
        });
        var route = Routes.To() with { Instances = [backend.AsInstance()] };
        var (platform, gateway) = await Platform.Serving(route);
        await using var owned = platform;
        await using var client = await RawConnection.To(gateway);
        await client.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await client.ReadUntil("\r\n\r\n");
        await client.ReadUntil("wor");

        // Half a masked frame with mask 0: 2 + 4 header bytes, 2 of 5 payload bytes.
        await client.Send([0x81, 0x85, 0, 0, 0, 0, (byte)'a', (byte)'b']);
        await half.Task.InTime();
        await platform.Publish(route with { Instances = [], Draining = [new DrainingInstance(backend.Id, 1, backend.Address, DateTimeOffset.UtcNow)] });
        await client.Send([(byte)'c', (byte)'d', (byte)'e', 0x81, 0x84, 0, 0, 0, 0, (byte)'l', (byte)'o', (byte)'s', (byte)'t']);
        rest.SetResult();

        var received = await client.ReadUntil("being replaced");
        var frames = received[(received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        frames.ShouldBe("\x81\x05hello\x81\x06world!\x88\x20\x03\xe9the instance is being replaced");

        var sent = await toInstance.Task.InTime();
        Encoding.Latin1.GetString(sent, 0, 11).ShouldBe("\x81\x85\0\0\0\0abcde");
        sent[11].ShouldBe((byte)0x88);
        (sent[12] & 0x80).ShouldBe(0x80, "frames towards a server are masked");
        var code = ((sent[17] ^ sent[13]) << 8) | (sent[18] ^ sent[14]);
        code.ShouldBe(1001);
    }

    [Fact]
    public async Task EventStream_WhenItsInstanceDrains_EndsWithAProperTerminator()
    {
        await using var old = await Backend.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            await context.Response.WriteAsync("data: 1\n\n");
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await using var fresh = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Routes.To(old));
        await using var owned = platform;
        await using var connection = await RawConnection.To(gateway);
        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await connection.ReadUntil("data: 1");

        await platform.Publish(Routes.To(fresh) with { Draining = [old.AsDraining(DateTimeOffset.UtcNow)] });

        (await connection.ReadUntil("\r\n0\r\n\r\n")).ShouldEndWith("data: 1\n\n\r\n0\r\n\r\n");
        await connection.Send($"GET /again HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await connection.ReadUntil("new");
        await Eventually.Holds(() => platform.Hub.Totals().Single().StatusCounts is [0, 2, 0, 0, 0], "both count as served");
    }

    [Fact]
    public async Task EventStream_OverHttp2_EndsItsStreamProperly()
    {
        await using var old = await Backend.Start(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var (platform, _) = await Platform.Serving(Routes.To(old));
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: H2c);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await platform.Publish(Routes.To() with { Draining = [old.AsDraining(DateTimeOffset.UtcNow)] });

        (await response.Content.ReadAsStringAsync().InTime()).ShouldBe("data: 1\n\n");
    }

    [Fact]
    public async Task Request_ThatOutlivesTheDrain_IsAnsweredWith503()
    {
        await using var old = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        var (platform, gateway) = await Platform.Serving(Routes.To(old));
        await using var owned = platform;
        var open = gateway.Client.GetAsync("/");
        await Eventually.Holds(() => old.Seen.Count == 1, "the request is at the instance");

        await platform.Publish(Routes.To() with { Draining = [old.AsDraining(DateTimeOffset.UtcNow)] });

        (await open.InTime()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Eventually.Holds(() => platform.Hub.InFlight(old.Id) == 0, "it is over at the instance");
    }

    [Fact]
    public async Task Instance_GoneFromTheRoute_FinishesWhatItHas()
    {
        var release = new TaskCompletionSource();
        await using var old = await Backend.Start(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        await using var fresh = await Backend.Start("new");
        var (platform, gateway) = await Platform.Serving(Routes.To(old));
        await using var owned = platform;
        var open = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => old.Seen.Count == 1, "the request is at the instance");

        await platform.Publish(Routes.To(fresh));
        (await gateway.Client.GetStringAsync("/")).ShouldBe("new");
        platform.Hub.InFlight(old.Id).ShouldBe(1);
        release.SetResult();

        (await open.InTime()).ShouldBe("finished");
    }

    [Fact]
    public async Task Instance_ThatServesAgainBeforeItsDrainEnds_KeepsItsConnections()
    {
        await using var backend = await Backend.Start(WebSocketPeers.Echo);
        var (platform, gateway) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        using var socket = await WebSocketPeers.Connect(gateway);

        await platform.Publish(Routes.To() with { Draining = [backend.AsDraining(DateTimeOffset.UtcNow.AddSeconds(1))] });
        await platform.Publish(Routes.To(backend));
        using var second = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        var closing = socket.ReceiveAsync(new byte[100].AsMemory(), CancellationToken.None).AsTask();
        var timer = new TaskCompletionSource();
        second.Token.Register(timer.SetResult);
        await timer.Task;

        closing.IsCompleted.ShouldBeFalse();
        await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        (await closing.InTime()).MessageType.ShouldBe(WebSocketMessageType.Text);
    }

    [Fact]
    public async Task GrpcCall_WhenItsInstanceDrains_EndsAsUnavailable()
    {
        await using var old = await Backend.Start(
            async context =>
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 42 });
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            },
            HttpProtocols.Http2);
        var route = Routes.To(old).With(limits => limits with { Protocol = InstanceProtocol.Grpc });
        var (platform, _) = await Platform.Serving(route);
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: H2c);
        using var request = GrpcRequest();
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await platform.Publish(route with { Instances = [], Draining = [old.AsDraining(DateTimeOffset.UtcNow)] });

        (await response.Content.ReadAsByteArrayAsync().InTime()).Length.ShouldBe(6);
        response.TrailingHeaders.GetValues("grpc-status").Single().ShouldBe("14");
    }

    [Fact]
    public async Task GrpcTrailers_ArePassedOn()
    {
        await using var backend = await Backend.Start(
            async context =>
            {
                context.Request.Headers.TE.ToString().ShouldBe("trailers");
                context.Response.ContentType = "application/grpc";
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                await context.Response.Body.WriteAsync(body.ToArray());
                context.Response.AppendTrailer("grpc-status", "0");
                context.Response.AppendTrailer("grpc-message", "fine");
            },
            HttpProtocols.Http2);
        var route = Routes.To(backend).With(limits => limits with { Protocol = InstanceProtocol.Grpc });
        var (platform, _) = await Platform.Serving(route);
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: H2c);
        using var request = GrpcRequest();

        using var response = await gateway.Client.SendAsync(request);

        (await response.Content.ReadAsByteArrayAsync()).ShouldBe([0, 0, 0, 0, 1, 7]);
        response.TrailingHeaders.GetValues("grpc-status").Single().ShouldBe("0");
        response.TrailingHeaders.GetValues("grpc-message").Single().ShouldBe("fine");
    }

    [Fact]
    public async Task Gateway_ThatStops_FinishesRequestsAndEndsStreams()
    {
        var release = new TaskCompletionSource();
        await using var backend = await Backend.Start(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                await WebSocketPeers.Echo(context);
                return;
            }

            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        var (platform, _) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: options => options with { DrainTimeout = TimeSpan.FromSeconds(3) });
        using var socket = await WebSocketPeers.Connect(gateway);
        var open = gateway.Client.GetStringAsync("/");
        await Eventually.Holds(() => backend.Seen.Count == 2, "both are at the instance");

        var stopping = gateway.Host.Stop();
        await Eventually.Holds(() => !CanConnect(gateway), "new connections are refused");
        release.SetResult();

        (await open.InTime()).ShouldBe("finished");
        (await socket.ReceiveClose()).ShouldBe((WebSocketCloseStatus.EndpointUnavailable, "the gateway is stopping"));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).InTime();
        await stopping.InTime();
    }

    [Fact]
    public async Task Stop_OfARetiredGateway_IsShortenedWhenThePlatformStops()
    {
        await using var backend = await Backend.Start(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await TestGateway.Serving(static options => options with { DrainTimeout = TimeSpan.Zero }, Routes.To(backend));
        var open = gateway.Client.GetAsync("/");
        await Eventually.Holds(() => backend.Seen.Count == 1, "the request is at the instance");
        using var hurry = new CancellationTokenSource();

        var stopping = gateway.Host.Stop(TimeSpan.FromDays(1), hurry.Token);
        await Eventually.Holds(() => !CanConnect(gateway), "new connections are refused");
        open.IsCompleted.ShouldBeFalse();
        stopping.IsCompleted.ShouldBeFalse();
        await hurry.CancelAsync();

        (await open.InTime()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await stopping.InTime();
    }

    private static bool CanConnect(TestGateway gateway)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            client.Connect(gateway.Address.Host, gateway.Address.Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static GatewayOptions H2c(GatewayOptions options) => options with
    {
        Listeners = [GatewayListener.Bind(ListenerKind.CleartextHttp2, new IPEndPoint(IPAddress.Loopback, 0))],
    };

    private static HttpRequestMessage GrpcRequest() => new(HttpMethod.Post, "/pkg.Service/Method")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { { "TE", "trailers" } },
        Content = new ByteArrayContent([0, 0, 0, 0, 1, 7]) { Headers = { { "Content-Type", "application/grpc" } } },
    };
}
