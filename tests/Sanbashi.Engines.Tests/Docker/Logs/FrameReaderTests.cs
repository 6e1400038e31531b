using System.Buffers.Binary;
using System.Text;
using Sanbashi.Engines.Docker.Logs;

namespace Sanbashi.Engines.Tests.Docker.Logs;

public sealed class FrameReaderTests
{
    [Fact]
    public async Task Next_FramesInSmallPieces_AreTakenApart()
    {
        byte[] bytes = [.. Frame(1, "out"), .. Frame(2, ""), .. Frame(2, new string('e', 100_000))];
        var reader = new FrameReader(new DrippingStream(bytes));

        (await reader.Next(default)).ShouldBeTrue();
        (reader.IsError, Text(reader)).ShouldBe((false, "out"));
        (await reader.Next(default)).ShouldBeTrue();
        (reader.IsError, Text(reader)).ShouldBe((true, ""));
        (await reader.Next(default)).ShouldBeTrue();
        Text(reader).Length.ShouldBe(100_000);
        (await reader.Next(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Next_StreamCutInAHeader_Ends()
    {
        (await new FrameReader(new MemoryStream([1, 0, 0])).Next(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Next_StreamCutInAFrame_IsAnError()
    {
        await Should.ThrowAsync<EndOfStreamException>(async () => await new FrameReader(new MemoryStream([1, 0, 0, 0, 0, 0, 0, 9, 65])).Next(default));
    }

    [Fact]
    public async Task Next_NotTheFormat_IsAnError()
    {
        await Should.ThrowAsync<InvalidDataException>(async () => await new FrameReader(new MemoryStream("plain text of a terminal"u8.ToArray())).Next(default));
    }

    private static string Text(FrameReader reader) => Encoding.UTF8.GetString(reader.Payload.Span);

    private static byte[] Frame(byte stream, string text)
    {
        var frame = new byte[8 + text.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)text.Length);
        Encoding.UTF8.GetBytes(text, frame.AsSpan(8));
        return frame;
    }

    /// <summary>Gives a few bytes at a time, as sockets may.</summary>
    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 7)], cancellationToken);
    }
}
