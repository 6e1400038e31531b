using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>A client that speaks HTTP/2 frame by frame, and may say whatever it likes.</summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    public const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private readonly RawConnection _connection;

    private Http2Connection(RawConnection connection) => _connection = connection;

    public enum FrameType : byte
    {
        Data,
        Headers,
        Priority,
        Reset,
        Settings,
        PushPromise,
        Ping,
        GoAway,
        WindowUpdate,
        Continuation,
    }

    [Flags]
    public enum Flags : byte
    {
        None = 0,
        EndStream = 1,
        Ack = 1,
        EndHeaders = 4,
        Padded = 8,
        Priority = 0x20,
    }

    /// <summary>Header fields of an ordinary request.</summary>
    public static (string Name, string Value)[] Get => [(":method", "GET"), (":scheme", "http"), (":authority", Routes.Host), (":path", "/")];

    public static (string Name, string Value)[] Post => [(":method", "POST"), (":scheme", "http"), (":authority", Routes.Host), (":path", "/")];

    public RawConnection Raw => _connection;

    public static async Task<Http2Connection> To(TestGateway gateway, bool greet = true)
    {
        var connection = new Http2Connection(await RawConnection.To(gateway));
        if (greet)
        {
            await connection._connection.Send(Preface);
            await connection.Send(FrameType.Settings, Flags.None, 0, []);
        }

        return connection;
    }

    public Task Send(FrameType type, Flags flags, int stream, byte[] payload) => _connection.Send(Encode((byte)type, flags, stream, payload));

    public static byte[] Encode(byte type, Flags flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public Task SendHeaders(int stream, bool isLast, params (string Name, string Value)[] headers) =>
        Send(FrameType.Headers, Flags.EndHeaders | (isLast ? Flags.EndStream : Flags.None), stream, Block(headers));

    public Task SendData(int stream, bool isLast, string data) => Send(FrameType.Data, isLast ? Flags.EndStream : Flags.None, stream, Encoding.Latin1.GetBytes(data));

    /// <summary>A header block without compression: each field a literal that is not indexed.</summary>
    public static byte[] Block(params (string Name, string Value)[] headers)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    /// <summary>How a request ended: <c>status 200</c>, <c>reset 1</c>, <c>goaway 1</c> or <c>closed</c>.</summary>
    public async Task<string> Outcome(int stream)
    {
        while (await Next() is { } frame)
        {
            switch (frame.Type)
            {
                case FrameType.Headers when frame.Stream == stream:
                    return "status " + Status(frame.Payload);
                case FrameType.Reset when frame.Stream == stream:
                    return "reset " + Number(frame.Payload, 0);
                case FrameType.GoAway when Number(frame.Payload, 4) != 0:
                    return "goaway " + Number(frame.Payload, 4);
            }
        }

        return "closed";
    }

    /// <summary>The next frame that fits; null when the gateway closed first.</summary>
    public async Task<Frame?> Await(Func<Frame, bool> fits)
    {
        while (await Next() is { } frame)
        {
            if (fits(frame))
            {
                return frame;
            }
        }

        return null;
    }

    public static int Number(byte[] payload, int at) => BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at));

    public static byte[] Bytes(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static byte[] Setting(short name, int value) => [(byte)(name >> 8), (byte)name, .. Bytes(value)];

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<Frame?> Next()
    {
        var head = new byte[9];
        try
        {
            await _connection.Stream.ReadExactlyAsync(head).AsTask().InTime();
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await _connection.Stream.ReadExactlyAsync(payload).AsTask().InTime();
            return new Frame((FrameType)head[3], (Flags)head[4], Number(head, 5), payload);
        }
        catch (IOException)
        {
            // Closed or reset, and EndOfStreamException is one too.
            return null;
        }
    }

    /// <summary>The first field of a response's header block, as the server writes it.</summary>
    private static string Status(byte[] block)
    {
        var start = 0;
        while ((block[start] & 0xe0) == 0x20)
        {
            // Change of the table's size.
            start += (block[start] & 0x1f) == 0x1f ? 2 + block[(start + 1)..].TakeWhile(static octet => octet >= 0x80).Count() : 1;
        }

        return block[start] switch
        {
            0x88 => "200",
            0x89 => "204",
            0x8a => "206",
            0x8b => "304",
            0x8c => "400",
            0x8d => "404",
            0x8e => "500",
            var literal when (literal & 0x3f) is > 7 and < 15 || (literal & 0x0f) is > 7 and < 15 => Encoding.ASCII.GetString(block, start + 2, block[start + 1]),
            var other => "unknown " + other.ToString("x2", CultureInfo.InvariantCulture),
        };
    }

    private static void WriteText(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var length = bytes.Length;
        if (length < 127)
        {
            block.WriteByte((byte)length);
        }
        else
        {
            block.WriteByte(127);
            for (length -= 127; length >= 128; length /= 128)
            {
                block.WriteByte((byte)((length % 128) + 128));
            }

            block.WriteByte((byte)length);
        }

        block.Write(bytes);
    }

    public sealed record Frame(FrameType Type, Flags Flags, int Stream, byte[] Payload);
}
