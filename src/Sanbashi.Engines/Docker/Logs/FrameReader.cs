using System.Buffers.Binary;

namespace Sanbashi.Engines.Docker.Logs;

/// <summary>
/// Takes the engine's multiplexed stream apart: each frame has a byte that tells the stream (1 output, 2 errors), three of nothing, four of length, and the
/// bytes. The buffer is reused: a frame's bytes are valid until the next is read.
/// </summary>
internal sealed class FrameReader(Stream stream)
{
    private const int HeaderSize = 8;
    private const byte Errors = 2;

    /// <summary>Engines send at most some 16 kB at a time; more than this is not the format that it should be.</summary>
    private const int LargestFrame = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[32 * 1024];

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public bool IsError { get; private set; }

    /// <summary>False at the stream's end.</summary>
    public async ValueTask<bool> Next(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(_buffer.AsMemory(0, HeaderSize), HeaderSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < HeaderSize)
        {
            // A header cut in the middle is how the stream of an engine that is killed ends.
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(4));
        if (length > LargestFrame)
        {
            throw new InvalidDataException($"The engine sent a log frame of {length} bytes; that is not its multiplexed format.");
        }

        IsError = _buffer[0] == Errors;
        if (length > _buffer.Length)
        {
            _buffer = new byte[length];
        }

        await stream.ReadExactlyAsync(_buffer.AsMemory(0, (int)length), cancellationToken).ConfigureAwait(false);
        Payload = _buffer.AsMemory(0, (int)length);
        return true;
    }
}
