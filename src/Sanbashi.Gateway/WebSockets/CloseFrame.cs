using System.Buffers.Binary;
using System.Text;

namespace Sanbashi.Gateway.WebSockets;

/// <summary>A close frame with a status code and a reason of at most 123 bytes.</summary>
internal static class CloseFrame
{
    /// <summary>"Going away": the end of this server, not of the conversation; clients reconnect.</summary>
    public const ushort GoingAway = 1001;

    public const int LongestLength = 2 + 4 + 125;

    /// <summary>Writes the frame and returns its length. A frame towards a server is masked, one towards a client is not.</summary>
    public static int Write(Span<byte> destination, ushort code, string reason, uint? mask)
    {
        Span<byte> payload = stackalloc byte[125];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        payload = payload[..(2 + Encoding.UTF8.GetBytes(reason, payload[2..]))];

        destination[0] = 0x88;
        destination[1] = (byte)(payload.Length | (mask is null ? 0 : 0x80));
        var position = 2;
        if (mask is { } key)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[2..], key);
            for (var i = 0; i < payload.Length; i++)
            {
                payload[i] ^= destination[2 + (i % 4)];
            }

            position += 4;
        }

        payload.CopyTo(destination[position..]);
        return position + payload.Length;
    }
}
