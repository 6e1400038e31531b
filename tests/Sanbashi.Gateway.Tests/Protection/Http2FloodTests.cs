using System.Net;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Tests.Support;
using static Sanbashi.Gateway.Tests.Support.Http2Connection;

namespace Sanbashi.Gateway.Tests.Protection;

/// <summary>Clients that make work and take no answers: what they cost is bounded, they lose their connection, and others are served.</summary>
public sealed class Http2FloodTests
{
    [Fact]
    public async Task RapidReset_EndsTheConnection_AfterABoundedNumberOfRequests()
    {
        await using var backend = await Backend.Start(static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default));
        await using var gateway = await TestGateway.ServingHttp2(Routes.To(backend).With(static limits => limits with { MaxConcurrency = 200 }));
        await using var connection = await To(gateway);
        var request = Block(Get);

        const int Attempts = 20_000;
        await SendUntilClosed(connection, Attempts, i => [.. Encode(1, Flags.EndHeaders | Flags.EndStream, (2 * i) + 1, request), .. Encode(3, Flags.None, (2 * i) + 1, Bytes(8))]);
        var outcome = await connection.Outcome(int.MaxValue);

        outcome.ShouldBeOneOf("goaway 2", "goaway 11", "closed");
        backend.Seen.Count.ShouldBeLessThan(Attempts / 4);
        await Eventually.Holds(() => gateway.Host.InFlight == 0, "nothing of it is left in flight");
        await IsServed(gateway);
    }

    [Fact]
    public async Task Continuations_WithoutEnd_EndTheConnection()
    {
        await using var gateway = await TestGateway.ServingHttp2(Routes.To());
        await using var connection = await To(gateway);
        var filler = Block(("x-filler", new string('a', 16_000)));

        await connection.Send(FrameType.Headers, Flags.EndStream, 1, Block(Get));
        await SendUntilClosed(connection, 10_000, _ => Encode(9, Flags.None, 1, filler));

        (await connection.Outcome(1)).ShouldBeOneOf("goaway 1", "goaway 11", "reset 1", "closed");
        await IsServed(gateway);
    }

    [Fact]
    public async Task Continuations_WithManySmallHeaders_EndTheConnection()
    {
        await using var gateway = await TestGateway.ServingHttp2(Routes.To());
        await using var connection = await To(gateway);
        var filler = Block(("x", "y"));

        await connection.Send(FrameType.Headers, Flags.EndStream, 1, Block(Get));
        await SendUntilClosed(connection, 200_000, _ => Encode(9, Flags.None, 1, filler));

        (await connection.Outcome(1)).ShouldBeOneOf("goaway 1", "goaway 11", "reset 1", "closed");
        await IsServed(gateway);
    }

    /// <summary>Empty ones hold nothing; the time for a request's headers is what ends them.</summary>
    [Fact]
    public async Task Continuations_ThatAreEmpty_EndWithTheTimeForHeaders()
    {
        await using var gateway = await TestGateway.Serving(
            static options => options with { Listeners = Http2Listener, RequestHeadersTimeout = TimeSpan.FromSeconds(1) }, Routes.To());
        await using var connection = await To(gateway);

        await connection.Send(FrameType.Headers, Flags.EndStream, 1, Block(Get));
        var empty = Encode(9, Flags.None, 1, []);
        await SendUntilClosed(connection, int.MaxValue, _ => empty);

        (await connection.Outcome(1)).ShouldBeOneOf("goaway 1", "goaway 2", "goaway 11", "closed");
        await IsServed(gateway);
    }

    [Theory]
    [InlineData(6, 8)]
    [InlineData(4, 6)]
    public async Task PingsAndSettings_WhoseAnswersNobodyReads_StopBeingRead(byte type, int length)
    {
        await using var gateway = await TestGateway.ServingHttp2(Routes.To());
        await using var connection = await To(gateway);
        var payload = new byte[length];
        payload[1] = 3; // SETTINGS_MAX_CONCURRENT_STREAMS; for a ping it means nothing
        var many = Enumerable.Range(0, 1000).SelectMany(_ => Encode(type, Flags.None, 0, payload)).ToArray();

        // What fits into the sockets' buffers on both ways is taken, and no more: the gateway waits for this client instead of collecting answers.
        const long Most = 256L * 1024 * 1024;
        long sent = 0;
        try
        {
            while (sent < Most)
            {
                using var stalled = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await connection.Raw.Stream.WriteAsync(many, stalled.Token);
                sent += many.Length;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It no longer reads, or it has closed the connection.
        }

        sent.ShouldBeLessThan(Most);
        await IsServed(gateway);
    }

    [Fact]
    public async Task WindowUpdates_AndEmptyData_DoNotKeepAnythingForThem()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await To(gateway);

        await connection.SendHeaders(1, isLast: false, Post);
        var empty = Enumerable.Range(0, 5000).SelectMany(static _ => (byte[])[.. Encode(0, Flags.None, 1, []), .. Encode(8, Flags.None, 0, Bytes(1)), .. Encode(2, Flags.None, 1, new byte[5])]).ToArray();
        await connection.Raw.Send(empty);
        await connection.SendData(1, isLast: true, "end");

        (await connection.Outcome(1)).ShouldBeOneOf("status 200", "goaway 11");
        backend.Requests.ShouldAllBe(static request => request.Body == "end");
    }

    private static GatewayListener[] Http2Listener => [GatewayListener.Bind(ListenerKind.CleartextHttp2, new IPEndPoint(IPAddress.Loopback, 0))];

    private static async Task SendUntilClosed(Http2Connection connection, int most, Func<int, byte[]> frames)
    {
        try
        {
            for (var i = 0; i < most; i++)
            {
                await connection.Raw.Send(frames(i));
            }
        }
        catch (IOException)
        {
            // The gateway has closed the connection.
        }
    }

    private static async Task IsServed(TestGateway gateway)
    {
        await using var connection = await To(gateway);
        await connection.SendHeaders(1, isLast: true, [(":method", "GET"), (":scheme", "http"), (":authority", "nobody"), (":path", "/")]);
        (await connection.Outcome(1)).ShouldBe("status 404");
    }
}
