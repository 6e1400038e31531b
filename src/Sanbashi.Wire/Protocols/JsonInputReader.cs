using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>
/// Reads a JSON body by a shape: known members with the right types are kept, unknown members and nulls dropped. Values are
/// never quoted in problems, since any of them may be a secret.
/// </summary>
internal static class JsonInputReader
{
    /// <summary>The deepest nesting that is read.</summary>
    private const int MaxDepth = 64;

    /// <summary>Seconds from the epoch to the ends of the calendar that .NET and ISO 8601 share.</summary>
    private const double MinEpoch = -62135596800, MaxEpoch = 253402300799.999;

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
    };

    public static JsonObject Read(Shape? shape, ReadOnlyMemory<byte> body)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return [];
        }

        var root = Parse(body);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(CommonErrors.Serialization, $"The body must be a JSON object; it is {Describe(root)}.");
        }

        if (shape is null)
        {
            return [];
        }

        var problems = new TypeProblems();
        var input = Structure(shape, root, "", problems);
        problems.ThrowIfAny();
        return input;
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Options).RootElement;
        }
        catch (JsonException broken)
        {
            // The parser's own text quotes the input, which may hold secrets.
            throw new ApiException(
                CommonErrors.Serialization,
                $"The body can't be read as JSON: broken at line {(broken.LineNumber ?? 0) + 1}, byte {(broken.BytePositionInLine ?? 0) + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(CommonErrors.Serialization, "The body can't be read as JSON: a name is not valid text.");
        }
    }

    private static JsonNode? Node(Shape shape, JsonElement json, string path, TypeProblems problems)
    {
        if (shape.IsDocument)
        {
            return Document(json, path, problems);
        }

        switch (shape.Kind)
        {
            case ShapeKind.Structure when json.ValueKind == JsonValueKind.Object:
                return Structure(shape, json, path, problems);
            case ShapeKind.List when json.ValueKind == JsonValueKind.Array:
                return List(shape, json, path, problems);
            case ShapeKind.Map when json.ValueKind == JsonValueKind.Object:
                return Map(shape, json, path, problems);
            case ShapeKind.String or ShapeKind.Character when json.ValueKind == JsonValueKind.String:
                return Text(json, path, problems);
            case ShapeKind.Timestamp when json.ValueKind == JsonValueKind.String && TextOf(json) is { } text && Timestamps.Read(text) is { } time:
                return time;
            case ShapeKind.Blob when json.ValueKind == JsonValueKind.String:
                return Blob(json, path, problems);
            case ShapeKind.Boolean when json.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case ShapeKind.Integer when json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out _):
            case ShapeKind.Long when json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out _):
            case ShapeKind.Float or ShapeKind.Double when json.ValueKind == JsonValueKind.Number && double.IsFinite(json.GetDouble()):
            case ShapeKind.Timestamp when json.ValueKind == JsonValueKind.Number && json.GetDouble() is >= MinEpoch and <= MaxEpoch:
                return JsonValue.Create(json);
            default:
                problems.Add(path, $"must be {Expected(shape.Kind)}; it is {Describe(json)}");
                return null;
        }
    }

    private static JsonObject Structure(Shape shape, JsonElement json, string path, TypeProblems problems)
    {
        var input = new JsonObject();
        foreach (var member in shape.Members.Values)
        {
            var name = member.LocationName ?? member.Name;
            if (json.TryGetProperty(name, out var value)
                && value.ValueKind != JsonValueKind.Null
                && Node(member.Shape, value, MemberPath.Member(path, member.Name), problems) is { } node)
            {
                input.Add(member.Name, node);
            }
        }

        return input;
    }

    private static JsonArray List(Shape shape, JsonElement json, string path, TypeProblems problems)
    {
        var list = new JsonArray();
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            var itemPath = MemberPath.Element(path, index++);
            if (item.ValueKind == JsonValueKind.Null)
            {
                problems.Add(itemPath, "must not be null");
            }
            else if (Node(shape.Element!.Shape, item, itemPath, problems) is { } node)
            {
                list.Add(node);
            }
        }

        return list;
    }

    private static JsonObject Map(Shape shape, JsonElement json, string path, TypeProblems problems)
    {
        var map = new JsonObject();
        var index = 0;
        foreach (var entry in json.EnumerateObject())
        {
            if (NameOf(entry) is not { } key)
            {
                problems.Add(path, "has a key that is not valid text");
                continue;
            }

            var entryPath = MemberPath.Value(path, key, index++, shape.Key!.Shape.IsSensitive);
            if (entry.Value.ValueKind != JsonValueKind.Null && Node(shape.Value!.Shape, entry.Value, entryPath, problems) is { } node)
            {
                map[key] = node;
            }
        }

        return map;
    }

    private static JsonNode? Text(JsonElement json, string path, TypeProblems problems)
    {
        if (TextOf(json) is { } text)
        {
            return JsonValue.Create(text);
        }

        problems.Add(path, "is not valid text: it has half of a surrogate pair");
        return null;
    }

    private static JsonNode? Blob(JsonElement json, string path, TypeProblems problems)
    {
        if (TextOf(json) is { } text && Base64.DecodedLength(text) >= 0)
        {
            return JsonValue.Create(text);
        }

        problems.Add(path, "must be base64 text");
        return null;
    }

    private static JsonNode? Document(JsonElement json, string path, TypeProblems problems)
    {
        try
        {
            return JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(json, WireJsonContext.Default.JsonElement));
        }
        catch (Exception broken) when (broken is InvalidOperationException or JsonException or ArgumentException)
        {
            problems.Add(path, "is not valid JSON");
            return null;
        }
    }

    private static string? TextOf(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Expected(ShapeKind kind) => kind switch
    {
        ShapeKind.Structure or ShapeKind.Map => "an object",
        ShapeKind.List => "a list",
        ShapeKind.String or ShapeKind.Character => "a string",
        ShapeKind.Blob => "base64 text",
        ShapeKind.Boolean => "true or false",
        ShapeKind.Integer => "a whole number of 32 bits",
        ShapeKind.Long => "a whole number of 64 bits",
        ShapeKind.Timestamp => "a time in seconds since the epoch",
        _ => "a number",
    };

    private static string Describe(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "another number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
