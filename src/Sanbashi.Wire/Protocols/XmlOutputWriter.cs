using System.Text;
using System.Text.Json.Nodes;
using System.Xml;

namespace Sanbashi.Wire;

/// <summary>Writes an output by its shape as the XML of the query protocols.</summary>
internal static class XmlOutputWriter
{
    public static void Structure(XmlWriter writer, Shape shape, JsonObject output)
    {
        foreach (var member in shape.Members.Values)
        {
            if (output[member.Name] is { } value)
            {
                Member(writer, member, member.LocationName ?? member.Name, value);
            }
        }
    }

    /// <summary>Writes a text; characters that XML 1.0 cannot hold become U+FFFD.</summary>
    public static void Text(XmlWriter writer, string text)
    {
        if (text.All(XmlConvert.IsXmlChar))
        {
            writer.WriteString(text);
            return;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        }

        writer.WriteString(clean.ToString());
    }

    private static void Member(XmlWriter writer, ShapeMember member, string name, JsonNode value)
    {
        var shape = member.Shape;
        var isFlattened = member.IsFlattened || shape.IsFlattened;
        if (shape.Kind == ShapeKind.List && isFlattened)
        {
            foreach (var item in (JsonArray)value)
            {
                Member(writer, shape.Element!, shape.Element!.LocationName ?? name, item!);
            }

            return;
        }

        if (shape.Kind == ShapeKind.Map && isFlattened)
        {
            foreach (var (key, item) in (JsonObject)value)
            {
                Entry(writer, shape, name, key, item!);
            }

            return;
        }

        writer.WriteStartElement(name);
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                Structure(writer, shape, (JsonObject)value);
                break;
            case ShapeKind.List:
                foreach (var item in (JsonArray)value)
                {
                    Member(writer, shape.Element!, shape.Element!.LocationName ?? "member", item!);
                }

                break;
            case ShapeKind.Map:
                foreach (var (key, item) in (JsonObject)value)
                {
                    Entry(writer, shape, "entry", key, item!);
                }

                break;
            case ShapeKind.Timestamp:
                writer.WriteString(Timestamps.Write(value, member.TimestampFormat ?? shape.TimestampFormat ?? Timestamps.Iso8601));
                break;
            default:
                Text(writer, value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString());
                break;
        }

        writer.WriteEndElement();
    }

    private static void Entry(XmlWriter writer, Shape shape, string name, string key, JsonNode value)
    {
        writer.WriteStartElement(name);
        writer.WriteStartElement(shape.Key!.LocationName ?? "key");
        Text(writer, key);
        writer.WriteEndElement();
        Member(writer, shape.Value!, shape.Value!.LocationName ?? "value", value);
        writer.WriteEndElement();
    }
}
