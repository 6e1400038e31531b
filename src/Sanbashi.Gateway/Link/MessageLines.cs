using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sanbashi.Gateway.Link;

/// <summary>One JSON object per line, in both directions.</summary>
internal static class MessageLines
{
    /// <summary>
    /// All messages that have arrived, at least one; empty when the other side closed. Throws <see cref="InvalidDataException"/> for a line beyond
    /// <paramref name="maxBytes"/> and <see cref="JsonException"/> for one that is not a message.
    /// </summary>
    public static async ValueTask<List<T>> Read<T>(PipeReader reader, JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
    {
        List<T> messages = [];
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (TryReadLine(ref buffer, out var line))
            {
                messages.Add(Parse(line, type));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (messages.Count > 0 || result.IsCompleted)
            {
                return messages;
            }

            if (buffer.Length > maxBytes)
            {
                throw new InvalidDataException($"a message is longer than {maxBytes} bytes");
            }
        }
    }

    public static async ValueTask Write<T>(Stream stream, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(json, message, type);
        }

        buffer.Write("\n"u8);
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static T Parse<T>(in ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("a message is null");
    }
}
