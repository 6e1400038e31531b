using Sanbashi.Gateway.WebSockets;

namespace Sanbashi.Gateway.Tests.WebSockets;

public sealed class FrameCursorTests
{
    public static TheoryData<int, bool> Payloads() => new()
    {
        { 0, false }, { 0, true }, { 1, true }, { 125, false }, { 125, true }, { 126, false }, { 126, true }, { 65_535, true }, { 65_536, false }, { 65_536, true },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Cursor_FedByteByByte_IsAtABoundaryExactlyAfterEachFrame(int payload, bool isMasked)
    {
        var frame = Frame(0x82, payload, isMasked);
        var cursor = default(FrameCursor);

        for (var repeat = 0; repeat < 2; repeat++)
        {
            for (var i = 0; i < frame.Length; i++)
            {
                cursor.AtBoundary.ShouldBe(i == 0);
                cursor.AdvanceToBoundary(frame.AsSpan(i, 1)).ShouldBe(1);
            }

            cursor.AtBoundary.ShouldBeTrue();
        }
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Cursor_FedSeveralFrames_StopsAfterTheFirst(int payload, bool isMasked)
    {
        var frame = Frame(0x01, payload, isMasked);
        var cursor = default(FrameCursor);

        cursor.AdvanceToBoundary([.. frame, .. frame]).ShouldBe(frame.Length);
        cursor.Advance([.. frame, .. frame, 0x82]);

        cursor.AtBoundary.ShouldBeFalse();
        cursor.HasClosed.ShouldBeFalse();
    }

    [Fact]
    public void Cursor_AfterACloseFrame_HasClosed()
    {
        var frame = Frame(0x88, 2, isMasked: true);
        var cursor = default(FrameCursor);

        cursor.Advance(frame.AsSpan(0, frame.Length - 1));
        cursor.HasClosed.ShouldBeFalse();
        cursor.Advance(frame.AsSpan(frame.Length - 1));

        cursor.HasClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0xA1B2C3D4u)]
    public void CloseFrame_Written_IsWhatACursorReadsAsOne(uint? mask)
    {
        var bytes = new byte[CloseFrame.LongestLength];
        var length = CloseFrame.Write(bytes, CloseFrame.GoingAway, "bye", mask);
        var cursor = default(FrameCursor);

        cursor.AdvanceToBoundary(bytes.AsSpan(0, length)).ShouldBe(length);

        cursor.HasClosed.ShouldBeTrue();
        var payload = bytes.AsSpan(mask is null ? 2 : 6, 5).ToArray();
        if (mask is not null)
        {
            for (var i = 0; i < payload.Length; i++)
            {
                payload[i] ^= bytes[2 + (i % 4)];
            }
        }

        payload.ShouldBe([0x03, 0xE9, (byte)'b', (byte)'y', (byte)'e']);
    }

    private static byte[] Frame(byte first, int payload, bool isMasked)
    {
        var bytes = new List<byte> { first };
        var mask = isMasked ? 0x80 : 0;
        switch (payload)
        {
            case < 126:
                bytes.Add((byte)(mask | payload));
                break;
            case < 65_536:
                bytes.AddRange([(byte)(mask | 126), (byte)(payload >> 8), (byte)payload]);
                break;
            default:
                bytes.AddRange([(byte)(mask | 127), 0, 0, 0, 0, (byte)(payload >> 24), (byte)(payload >> 16), (byte)(payload >> 8), (byte)payload]);
                break;
        }

        if (isMasked)
        {
            bytes.AddRange([1, 2, 3, 4]);
        }

        bytes.AddRange(new byte[payload]);
        return [.. bytes];
    }
}
