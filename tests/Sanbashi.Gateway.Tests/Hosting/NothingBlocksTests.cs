using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Hosting;

/// <summary>
/// The gateway's process completes socket operations inline: the thread that reads the sockets goes on with the request itself. That is only right if no request
/// ever waits on such a thread. How a process completes them is decided at its start, so this test runs itself in another one.
/// </summary>
public sealed class NothingBlocksTests
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const int Rounds = 20;
    private static readonly byte[] _megabyte = new byte[1 << 20];

    [Fact]
    public async Task RequestsOfEveryKind_WithInlineCompletions_NeverWaitOnTheThreadsThatReadSockets()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", "-noLogo", "-explicit", "only", "-class", typeof(NothingBlocksTests).FullName!])
        {
            RedirectStandardOutput = true,
            Environment = { [InlineCompletions] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, output);
        output.ShouldContain("Total: 2, Errors: 0, Failed: 0, Skipped: 0, Not Run: 1");
    }

    [Fact(Explicit = true)]
    public async Task RequestsOfEveryKind_HereAndNow()
    {
        using var waits = new WaitListener();
        await using var backend = await Backend.Start(Answer);
        var hash = PasswordHash.Make("secret", PasswordHash.LeastIterations).ToString();
        await using var gateway = await TestGateway.Serving(
            Routes.To(backend) with { Stickiness = RouteStickiness.Cookie },
            Routes.To(backend).At("narrow.sanbashi.localhost").With(limits => limits with { MaxConcurrency = 1, QueueLength = 8 }),
            Routes.To(backend).At("guarded.sanbashi.localhost") with { Access = new RouteAccess { Users = [new RouteUser("ada", hash)], AllowedSources = ["127.0.0.0/8"] } });

        // Before it counts: what is made once, such as a connection's first use of the resolver, may wait.
        await Round(gateway);
        var before = waits.OnSocketThreads;
        for (var i = 0; i < Rounds; i++)
        {
            await Round(gateway);
        }

        // What is never heard would prove nothing: one wait on purpose, which also comes after all the others.
        await WaitOnASocketThread();
        await Eventually.Holds(() => waits.OnSocketThreads > before, "the wait on purpose is heard");
        (waits.OnSocketThreads - before).ShouldBe(1, waits.ToString());
    }

    private static async Task Round(TestGateway gateway)
    {
        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ask(gateway, Routes.Host, "/"))),
            Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ask(gateway, "narrow.sanbashi.localhost", "/slow"))),
            Ask(gateway, "guarded.sanbashi.localhost", "/", HttpStatusCode.Unauthorized),
            Ask(gateway, "guarded.sanbashi.localhost", "/", password: "secret"),
            Ask(gateway, "guarded.sanbashi.localhost", "/", HttpStatusCode.Unauthorized, password: "guessed"),
            Ask(gateway, "unknown.sanbashi.localhost", "/", HttpStatusCode.NotFound),
            Ask(gateway, Routes.Host, "/upload", body: _megabyte),
            Ask(gateway, Routes.Host, "/download"),
            Ask(gateway, Routes.Host, "/events"),
            GoAway(gateway),
            Talk(gateway));

        // On the pool: whatever a test does next may wait.
        await Task.Yield();
    }

    private static async Task Answer(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/" when context.WebSockets.IsWebSocketRequest:
                await WebSocketPeers.Echo(context);
                break;
            case "/slow":
                await Task.Delay(5, context.RequestAborted);
                break;
            case "/upload":
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
                break;
            case "/download":
                await context.Response.Body.WriteAsync(_megabyte, context.RequestAborted);
                break;
            case "/events":
                context.Response.ContentType = "text/event-stream";
                for (var i = 0; i < 5; i++)
                {
                    await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"data: {i}\n\n"), context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }

                break;
            case "/never":
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                break;
        }
    }

    private static async Task Ask(
        TestGateway gateway, string host, string path, HttpStatusCode expected = HttpStatusCode.OK, string? password = null, byte[]? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Headers = { Host = host }, Content = body is null ? null : new ByteArrayContent(body) };
        if (password is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"ada:{password}")));
        }

        using var response = await gateway.Client.SendAsync(request).InTime().ConfigureAwait(false);
        response.StatusCode.ShouldBe(expected, $"{host}{path}");
        await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
    }

    private static async Task GoAway(TestGateway gateway)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port).ConfigureAwait(false);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /never HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n")).ConfigureAwait(false);
    }

    private static async Task Talk(TestGateway gateway)
    {
        using var socket = await WebSocketPeers.Connect(gateway).ConfigureAwait(false);
        await socket.SendText("hello").ConfigureAwait(false);
        (await socket.ReceiveText().ConfigureAwait(false)).ShouldBe("hello");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).InTime().ConfigureAwait(false);
    }

    private static async Task WaitOnASocketThread()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint).ConfigureAwait(false);
        using var peer = await listener.AcceptSocketAsync().ConfigureAwait(false);
        var heard = Hear(client.Client);
        await Task.Run(() => peer.Send([1])).ConfigureAwait(false);
        await heard.InTime().ConfigureAwait(false);

        static async Task Hear(Socket socket)
        {
            await socket.ReceiveAsync(new byte[1]).ConfigureAwait(false);
            WaitListener.IsHere.ShouldBeTrue("receiving goes on where the socket is read");
            using var never = new ManualResetEvent(false);
            never.WaitOne(TimeSpan.FromMilliseconds(1));
        }
    }
}
