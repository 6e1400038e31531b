using System.Buffers.Binary;

namespace Sanbashi.Gateway.WebSockets;

/// <summary>
/// Follows the frames (RFC 6455, 5.2) in bytes that pass by, to know where one ends and another may be put in. It keeps no payload.
/// A mutable struct: one for each direction, never copied.
/// </summary>
internal struct FrameCursor
{
    private const int CloseOpcode = 0x8;

    // 2 bytes, up to 8 of extended length, 4 of mask.
    private const int LongestHeader = 14;

    private HeaderBytes _header;
    private int _headerLength;
    private ulong _payloadLeft;
    private bool _isClosing;

    /// <summary>Between two frames.</summary>
    public readonly bool AtBoundary => _headerLength == 0 && _payloadLeft == 0;

    /// <summary>A whole close frame has passed; nothing may follow it.</summary>
    public readonly bool HasClosed => _isClosing && AtBoundary;

    /// <summary>How many bytes can be read without reading past the end of the frame under way.</summary>
    public readonly int SafeLength => _payloadLeft > 0 ? (int)Math.Min(_payloadLeft, int.MaxValue) : 1;

    public void Advance(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            data = data[AdvanceToBoundary(data)..];
        }
    }

    /// <summary>Follows the data up to the next end of a frame, at most to its own end, and returns how much that was.</summary>
    public int AdvanceToBoundary(ReadOnlySpan<byte> data)
    {
        var consumed = 0;
        while (consumed < data.Length)
        {
            if (_payloadLeft > 0)
            {
                var step = (int)Math.Min(_payloadLeft, (ulong)(data.Length - consumed));
                _payloadLeft -= (ulong)step;
                consumed += step;
            }
            else
            {
                _header[_headerLength++] = data[consumed++];
                if (_headerLength == HeaderNeeded())
                {
                    ReadHeader();
                }
            }

            if (AtBoundary)
            {
                break;
            }
        }

        return consumed;
    }

    private readonly int HeaderNeeded()
    {
        if (_headerLength < 2)
        {
            return 2;
        }

        var mask = (_header[1] & 0x80) != 0 ? 4 : 0;
        return (_header[1] & 0x7F) switch
        {
            126 => 4 + mask,
            127 => 10 + mask,
            _ => 2 + mask,
        };
    }

    private void ReadHeader()
    {
        ReadOnlySpan<byte> header = _header;
        _isClosing |= (header[0] & 0x0F) == CloseOpcode;
        _payloadLeft = (header[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
            var length => (ulong)length,
        };
        _headerLength = 0;
    }

    [System.Runtime.CompilerServices.InlineArray(LongestHeader)]
    private struct HeaderBytes
    {
        private byte _first;
    }
}
