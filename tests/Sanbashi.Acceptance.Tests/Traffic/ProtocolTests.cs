using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Traffic;

/// <summary>Everything a client may speak, through the whole platform to a real container.</summary>
public sealed class ProtocolTests(SharedPlatform shared)
{
    [Fact]
    public async Task Request_ToAService_CarriesWhoAskedAndHow()
    {
        var platform = await shared.Get();
        var service = await Run(platform, "headers");

        var headers = (await platform.Gateway.Describe(service.Host))["headers"]!;

        ((string)headers["x-forwarded-for"]!).ShouldBe("127.0.0.1");
        ((string)headers["x-forwarded-proto"]!).ShouldBe("http");
        ((string)headers["x-forwarded-host"]!).ShouldBe(service.Host);
        ((string)headers["x-forwarded-port"]!).ShouldBe($"{platform.HttpPort}");
        ((string)headers["x-request-id"]!).ShouldNotBeNullOrEmpty();
        ((string)headers["traceparent"]!).ShouldStartWith("00-");
    }

    [Fact]
    public async Task Request_ToAnUnknownHost_Is404()
    {
        var platform = await shared.Get();

        (await platform.Gateway.Get("nobody.sanbashi.localhost", "/")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Upload_OfManyMegabytes_ArrivesWhole()
    {
        var platform = await shared.Get();
        var service = await Run(platform, "uploads");
        var body = RandomNumberGenerator.GetBytes(48 * 1024 * 1024);

        using var response = await platform.Gateway.Send(service.Host, "/upload", HttpMethod.Post, new ByteArrayContent(body));

        (await response.Content.ReadAsStringAsync()).ShouldBe($"{body.Length} {Convert.ToHexStringLower(SHA256.HashData(body))}");
    }

    [Fact]
    public async Task Download_OfManyMegabytes_ArrivesWhole()
    {
        var platform = await shared.Get();
        var service = await Run(platform, "downloads");

        using var response = await platform.Gateway.Send(service.Host, "/download?bytes=50000000");
        var body = await response.Content.ReadAsByteArrayAsync();

        body.Length.ShouldBe(50_000_000);
        Enumerable.Range(0, 500).ShouldAllBe(i => body[i * 100_000] == (byte)(i * 100_000 % 65_536));
    }

    [Fact]
    public async Task EventStream_OfAService_ComesEventByEvent()
    {
        var platform = await shared.Get();
        var service = await Run(platform, "events");

        using var response = await platform.Gateway.Send(service.Host, "/sse?count=5");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await reader.ReadLineAsync()).ShouldBe("id: 0");
        (await reader.ReadToEndAsync()).ShouldEndWith("event: bye\ndata: end\n\n");
    }

    [Fact]
    public async Task WebSocket_ToAService_EchoesBothKindsOfMessages()
    {
        var platform = await shared.Get();
        var service = await Run(platform, "sockets");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", service.Host);
        await socket.ConnectAsync(new Uri($"ws://{platform.Http}/ws"), TestContext.Current.CancellationToken);

        foreach (var (type, message) in new[] { (WebSocketMessageType.Text, "hello"u8.ToArray()), (WebSocketMessageType.Binary, RandomNumberGenerator.GetBytes(40_000)) })
        {
            await socket.SendAsync(message, type, true, TestContext.Current.CancellationToken);
            using var echo = new MemoryStream();
            var buffer = new byte[8192];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
                echo.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            part.MessageType.ShouldBe(type);
            echo.ToArray().ShouldBe(message);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", TestContext.Current.CancellationToken);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Grpc_ToAServiceThatSpeaksHttp2_GetsBodyAndTrailers()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("speaks-grpc", await shared.Images.TestApp(), new ServiceRequest
        {
            Variables = new Dictionary<string, string> { ["HTTP2_ONLY"] = "1" },
            Settings = new Dictionary<string, string> { ["protocol"] = "grpc" },
        });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{platform.CleartextHttp2}/trailers")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("message")) { Headers = { ContentType = new("application/grpc") } },
            Headers = { Host = service.Host, TE = { new("trailers") } },
        };

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        (await response.Content.ReadAsStringAsync()).ShouldBe("message");
        response.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
    }

    private async Task<ServiceHandle> Run(Platform platform, string name) => await platform.Api.RunService($"traffic-{name}", await shared.Images.TestApp());
}
