using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>Writes an output by its shape: members in the model's order under their wire names, nulls left out.</summary>
internal static class JsonOutputWriter
{
    public static void Write(Utf8JsonWriter writer, Shape shape, JsonNode node, string? timestampFormat = null)
    {
        if (shape.IsDocument)
        {
            node.WriteTo(writer);
            return;
        }

        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                Structure(writer, shape, (JsonObject)node);
                break;
            case ShapeKind.List:
                writer.WriteStartArray();
                foreach (var item in (JsonArray)node)
                {
                    Write(writer, shape.Element!.Shape, item!);
                }

                writer.WriteEndArray();
                break;
            case ShapeKind.Map:
                writer.WriteStartObject();
                foreach (var (key, value) in (JsonObject)node)
                {
                    writer.WritePropertyName(key);
                    Write(writer, shape.Value!.Shape, value!);
                }

                writer.WriteEndObject();
                break;
            case ShapeKind.Timestamp when (timestampFormat ?? shape.TimestampFormat) is { } format && format != Timestamps.UnixTimestamp:
                writer.WriteStringValue(Timestamps.Write(node, format));
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private static void Structure(Utf8JsonWriter writer, Shape shape, JsonObject output)
    {
        writer.WriteStartObject();
        foreach (var member in shape.Members.Values)
        {
            if (output[member.Name] is { } value)
            {
                writer.WritePropertyName(member.LocationName ?? member.Name);
                Write(writer, member.Shape, value, member.TimestampFormat);
            }
        }

        writer.WriteEndObject();
    }
}
