using System.Text;
using Sanbashi.Gateway.Tests.Support;
using static Sanbashi.Gateway.Tests.Support.Http2Connection;

namespace Sanbashi.Gateway.Tests.Protection;

/// <summary>What RFC 9113 demands of a server towards a client that breaks the protocol.</summary>
public sealed class Http2ConformanceTests
{
    private static byte[] Request => Block(Get);

    /// <summary>Section, what is sent after the preface and the settings, and the outcomes that are right.</summary>
    public static TheoryData<string, byte[], string[]> Violations => new()
    {
        { "4.2 frame larger than SETTINGS_MAX_FRAME_SIZE", Encode(0, Flags.None, 1, new byte[16385]), ["goaway 6", "goaway 1", "closed"] },
        { "4.2 SETTINGS of a length that is none", Encode(4, Flags.None, 0, new byte[5]), ["goaway 6"] },
        { "4.3 header block that cannot be decompressed", Encode(1, Flags.EndHeaders | Flags.EndStream, 1, [0xff, 0xff, 0xff, 0x7f]), ["goaway 9"] },
        { "4.3 index beyond the tables", Encode(1, Flags.EndHeaders | Flags.EndStream, 1, [0xbf]), ["goaway 9"] },
        { "4.3 index 0", Encode(1, Flags.EndHeaders | Flags.EndStream, 1, [0x80]), ["goaway 9", "goaway 2"] },
        { "4.3.1 table larger than allowed", Encode(1, Flags.EndHeaders | Flags.EndStream, 1, [0x3f, 0xff, 0xff, 0x03, .. Block(Get)]), ["goaway 9"] },
        { "4.3.1 table size in the middle of a block", Encode(1, Flags.EndHeaders | Flags.EndStream, 1, [.. Block(Get), 0x20]), ["goaway 9"] },
        { "5.1 DATA on an idle stream", Encode(0, Flags.EndStream, 1, "a"u8.ToArray()), ["goaway 1"] },
        { "5.1 RST_STREAM on an idle stream", Encode(3, Flags.None, 1, Bytes(8)), ["goaway 1"] },
        { "5.1 WINDOW_UPDATE on an idle stream", Encode(8, Flags.None, 1, Bytes(1)), ["goaway 1"] },
        { "5.1 DATA after the end of the stream", [.. Encode(1, Flags.EndHeaders | Flags.EndStream, 1, Request), .. Encode(0, Flags.EndStream, 1, "a"u8.ToArray())], ["goaway 5", "reset 5", "status 200"] },
        { "5.1 HEADERS after the end of the stream", [.. Encode(1, Flags.EndHeaders | Flags.EndStream, 1, Request), .. Encode(1, Flags.EndHeaders | Flags.EndStream, 1, Request)], ["goaway 5", "reset 5", "status 200"] },
        { "5.1.1 stream of even number", Encode(1, Flags.EndHeaders | Flags.EndStream, 2, Request), ["goaway 1"] },
        { "5.1.1 number smaller than before", [.. Encode(1, Flags.EndHeaders | Flags.EndStream, 5, Request), .. Encode(1, Flags.EndHeaders | Flags.EndStream, 3, Request)], ["goaway 1", "goaway 5"] },
        { "6.1 DATA on stream 0", Encode(0, Flags.EndStream, 0, "a"u8.ToArray()), ["goaway 1"] },
        { "6.1 DATA with more padding than payload", [.. Encode(1, Flags.EndHeaders, 1, Block(Post)), .. Encode(0, Flags.Padded | Flags.EndStream, 1, [9, 0, 0])], ["goaway 1"] },
        { "6.2 HEADERS on stream 0", Encode(1, Flags.EndHeaders | Flags.EndStream, 0, Request), ["goaway 1"] },
        { "6.2 HEADERS with more padding than payload", Encode(1, Flags.Padded | Flags.EndHeaders | Flags.EndStream, 1, [9, 0, 0]), ["goaway 1"] },
        { "6.2 another frame inside of a header block", [.. Encode(1, Flags.EndStream, 1, Request), .. Encode(6, Flags.None, 0, new byte[8])], ["goaway 1"] },
        { "6.2 another stream's headers inside of a header block", [.. Encode(1, Flags.EndStream, 1, Request), .. Encode(1, Flags.EndHeaders | Flags.EndStream, 3, Request)], ["goaway 1"] },
        { "6.3 PRIORITY on stream 0", Encode(2, Flags.None, 0, new byte[5]), ["goaway 1"] },
        { "6.4 RST_STREAM on stream 0", Encode(3, Flags.None, 0, Bytes(8)), ["goaway 1"] },
        { "6.4 RST_STREAM of a length that is none", [.. Encode(1, Flags.EndHeaders, 1, Block(Post)), .. Encode(3, Flags.None, 1, new byte[3])], ["goaway 6"] },
        { "6.5 SETTINGS on a stream", Encode(4, Flags.None, 1, []), ["goaway 1"] },
        { "6.5 SETTINGS acknowledgement with a payload", Encode(4, Flags.Ack, 0, new byte[6]), ["goaway 6"] },
        { "6.5.2 SETTINGS_ENABLE_PUSH of 2", Encode(4, Flags.None, 0, Setting(2, 2)), ["goaway 1"] },
        { "6.5.2 SETTINGS_INITIAL_WINDOW_SIZE beyond 31 bits", Encode(4, Flags.None, 0, Setting(4, -1)), ["goaway 3"] },
        { "6.5.2 SETTINGS_MAX_FRAME_SIZE below 2^14", Encode(4, Flags.None, 0, Setting(5, 16383)), ["goaway 1"] },
        { "6.5.2 SETTINGS_MAX_FRAME_SIZE beyond 2^24-1", Encode(4, Flags.None, 0, Setting(5, 1 << 24)), ["goaway 1"] },
        { "6.6 PUSH_PROMISE of a client", Encode(5, Flags.EndHeaders, 1, [.. Bytes(2), .. Request]), ["goaway 1"] },
        { "6.7 PING on a stream", Encode(6, Flags.None, 1, new byte[8]), ["goaway 1"] },
        { "6.7 PING of a length that is none", Encode(6, Flags.None, 0, new byte[7]), ["goaway 6"] },
        { "6.8 GOAWAY on a stream", Encode(7, Flags.None, 1, new byte[8]), ["goaway 1"] },
        { "6.9 WINDOW_UPDATE of 0 for the connection", Encode(8, Flags.None, 0, Bytes(0)), ["goaway 1"] },
        { "6.9 WINDOW_UPDATE of 0 for a stream", [.. Encode(1, Flags.EndHeaders, 1, Block(Post)), .. Encode(8, Flags.None, 1, Bytes(0))], ["reset 1", "goaway 1"] },
        { "6.9 WINDOW_UPDATE of a length that is none", Encode(8, Flags.None, 0, new byte[3]), ["goaway 6"] },
        { "6.9.1 window of the connection beyond 31 bits", Encode(8, Flags.None, 0, Bytes(int.MaxValue)), ["goaway 3"] },
        { "6.9.1 window of a stream beyond 31 bits", [.. Encode(1, Flags.EndHeaders, 1, Block(Post)), .. Encode(8, Flags.None, 1, Bytes(int.MaxValue))], ["reset 3", "goaway 3"] },
        { "6.10 CONTINUATION after nothing", Encode(9, Flags.EndHeaders, 1, Request), ["goaway 1"] },
        { "6.10 CONTINUATION after the end of the block", [.. Encode(1, Flags.EndHeaders, 1, Block(Post)), .. Encode(9, Flags.EndHeaders, 1, Request)], ["goaway 1"] },
        { "6.10 CONTINUATION on stream 0", [.. Encode(1, Flags.EndStream, 1, Request), .. Encode(9, Flags.EndHeaders, 0, [])], ["goaway 1"] },
        { "8.1 second headers that do not end the stream", [.. Encode(1, Flags.EndHeaders, 1, Block(Post)), .. Encode(1, Flags.EndHeaders, 1, Block(("x", "y")))], ["reset 1", "goaway 1"] },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Violation_OfTheProtocol_EndsAsTheStandardSays(string section, byte[] bytes, string[] outcomes)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await To(gateway);

        await connection.Raw.Send(bytes);

        (await connection.Outcome(1)).ShouldBeOneOf(outcomes, section);
        backend.Violations.ShouldBeEmpty(section);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: web.sanbashi.localhost\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    [InlineData("INVALID CONNECTION PREFACE\r\n\r\n")]
    public async Task Preface_ThatIsNone_ClosesTheConnection(string bytes)
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await To(gateway, greet: false);

        await connection.Raw.Send(bytes);

        await connection.Raw.ReadToEnd();
        backend.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_AreAcknowledged_AndPingsAnswered()
    {
        await using var gateway = await TestGateway.ServingHttp2();
        await using var connection = await To(gateway);

        (await connection.Await(static frame => frame.Type == FrameType.Settings && frame.Flags.HasFlag(Flags.Ack))).ShouldNotBeNull().Payload.ShouldBeEmpty();
        await connection.Send(FrameType.Ping, Flags.None, 0, "12345678"u8.ToArray());

        var pong = (await connection.Await(static frame => frame.Type == FrameType.Ping)).ShouldNotBeNull();
        pong.Flags.ShouldBe(Flags.Ack);
        Encoding.ASCII.GetString(pong.Payload).ShouldBe("12345678");
    }

    [Fact]
    public async Task Frames_ThatMustBeIgnored_AreIgnored()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await To(gateway);

        await connection.Raw.Send(
        [
            .. Encode(0x42, Flags.None, 0, new byte[20]), // 4.1: an unknown type
            .. Encode(4, Flags.None, 0, Setting(0x4242, 1)), // 6.5.2: an unknown setting
            .. Encode(2, Flags.None, 1, new byte[5]), // 5.3.2: a priority of an idle stream
            .. Encode(6, Flags.Ack, 0, new byte[8]), // 6.7: an answer to no ping
            .. Encode(1, Flags.EndHeaders | Flags.EndStream | Flags.Padded | Flags.Priority, 3, [2, 0, 0, 0, 0, 15, .. Request, 0, 0]),
        ]);

        (await connection.Outcome(3)).ShouldBe("status 200");
        backend.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Headers_InManyContinuations_AreOneRequest()
    {
        await using var backend = await RecordingBackend.Start();
        await using var gateway = await TestGateway.ServingHttp2(backend.Route());
        await using var connection = await To(gateway);
        var block = Block([.. Get, ("x", "y")]);

        await connection.Send(FrameType.Headers, Flags.EndStream, 1, block[..1]);
        for (var i = 1; i < block.Length - 1; i++)
        {
            await connection.Send(FrameType.Continuation, Flags.None, 1, block[i..(i + 1)]);
        }

        await connection.Send(FrameType.Continuation, Flags.EndHeaders, 1, block[^1..]);

        (await connection.Outcome(1)).ShouldBe("status 200");
        backend.Requests.Single()["X"].ShouldBe("y");
    }

    [Fact]
    public async Task Streams_BeyondTheLimit_AreRefusedWithoutHarmToTheOthers()
    {
        var mayAnswer = new TaskCompletionSource();
        await using var backend = await Backend.Start(_ => mayAnswer.Task);
        await using var gateway = await TestGateway.ServingHttp2(Routes.To(backend).With(limits => limits with { MaxConcurrency = 200 }));
        await using var connection = await To(gateway);

        for (var i = 0; i <= GatewayDefaults.MaxHttp2Streams; i++)
        {
            await connection.SendHeaders((2 * i) + 1, isLast: true, Get);
        }

        var refused = (2 * GatewayDefaults.MaxHttp2Streams) + 1;
        (await connection.Outcome(refused)).ShouldBe("reset 7");
        mayAnswer.SetResult();
        (await connection.Outcome(1)).ShouldBe("status 200");
    }
}
