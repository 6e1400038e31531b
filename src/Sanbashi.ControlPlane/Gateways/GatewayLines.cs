using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Gateways;

/// <summary>The link's messages as lines of JSON.</summary>
internal static class GatewayLines
{
    /// <summary>The next message; null when the gateway closed.</summary>
    public static async ValueTask<GatewayMessage?> Read(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var message = Parse(buffer.Slice(0, end));
                reader.AdvanceTo(buffer.GetPosition(1, end));
                return message;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return null;
            }

            if (buffer.Length > GatewayHubDefaults.MaxMessageBytes)
            {
                throw new InvalidDataException($"a message is longer than {GatewayHubDefaults.MaxMessageBytes} bytes");
            }
        }
    }

    public static void Write(IBufferWriter<byte> output, ControlPlaneMessage message)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            JsonSerializer.Serialize(json, message, RoutingJsonContext.Default.ControlPlaneMessage);
        }

        output.Write("\n"u8);
    }

    private static GatewayMessage Parse(in ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, RoutingJsonContext.Default.GatewayMessage) ?? throw new JsonException("a message is null");
    }
}
