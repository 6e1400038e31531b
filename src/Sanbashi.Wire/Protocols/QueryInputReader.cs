using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>Reads query parameters (<c>Tags.member.1.Key=a</c>) by a shape.</summary>
/// <param name="isEc2">The ec2 variant: other names, and lists never have a name for their elements (<c>Tag.1.Key=a</c>).</param>
internal sealed class QueryInputReader(bool isEc2)
{
    public static QueryInputReader OfQuery { get; } = new(isEc2: false);

    public static QueryInputReader OfEc2 { get; } = new(isEc2: true);

    public JsonObject Read(Shape? shape, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var tree = ParameterNode.Parse(parameters);
        if (shape is null)
        {
            return [];
        }

        var problems = new TypeProblems();
        var input = Structure(shape, tree, "", problems);
        problems.ThrowIfAny();
        return input;
    }

    private JsonObject Structure(Shape shape, ParameterNode node, string path, TypeProblems problems)
    {
        var input = new JsonObject();
        foreach (var member in shape.Members.Values)
        {
            if (Child(node, member) is { } child && Node(member, child, MemberPath.Member(path, member.Name), problems) is { } value)
            {
                input.Add(member.Name, value);
            }
        }

        return input;
    }

    private ParameterNode? Child(ParameterNode node, ShapeMember member)
    {
        if (isEc2)
        {
            return node[member.QueryName ?? Capitalized(member.LocationName ?? member.Name)];
        }

        // A flattened list is named after its element, where that has a name of its own.
        var flattened = member.Shape is { Kind: ShapeKind.List, IsFlattened: true } list ? list.Element!.LocationName : null;
        return node[flattened ?? member.LocationName ?? member.Name];
    }

    private JsonNode? Node(ShapeMember member, ParameterNode node, string path, TypeProblems problems)
    {
        var shape = member.Shape;
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                return Structure(shape, node, path, problems);
            case ShapeKind.List:
                return List(shape, node, path, problems);
            case ShapeKind.Map:
                return Map(shape, node, path, problems);
            default:
                if (node.Value is not { } text)
                {
                    problems.Add(path, "must be a single value");
                    return null;
                }

                if (Scalar(shape.Kind, text) is { } value)
                {
                    return value;
                }

                problems.Add(path, $"is not a valid {shape.Kind.ToString().ToLowerInvariant()}");
                return null;
        }
    }

    private JsonArray List(Shape shape, ParameterNode node, string path, TypeProblems problems)
    {
        var element = shape.Element!;
        var items = isEc2 || shape.IsFlattened ? node : node[element.LocationName ?? "member"];
        var list = new JsonArray();
        foreach (var item in items?.Numbered() ?? [])
        {
            if (Node(element, item, MemberPath.Element(path, list.Count), problems) is { } value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private JsonObject Map(Shape shape, ParameterNode node, string path, TypeProblems problems)
    {
        var entries = shape.IsFlattened ? node : node["entry"];
        var map = new JsonObject();
        foreach (var entry in entries?.Numbered() ?? [])
        {
            if (entry[shape.Key!.LocationName ?? "key"]?.Value is not { } key)
            {
                problems.Add(path, "has an entry without a key");
            }
            else if (map.ContainsKey(key))
            {
                problems.Add(path, "has a key twice");
            }
            else if (entry[shape.Value!.LocationName ?? "value"] is { } item
                && Node(shape.Value, item, MemberPath.Value(path, key, map.Count, shape.Key.Shape.IsSensitive), problems) is { } value)
            {
                map.Add(key, value);
            }
        }

        return map;
    }

    /// <summary>Names in answers begin in lower case; those of parameters do not.</summary>
    private static string Capitalized(string name) => char.IsAsciiLetterLower(name[0]) ? char.ToUpperInvariant(name[0]) + name[1..] : name;

    private static JsonNode? Scalar(ShapeKind kind, string text) => kind switch
    {
        ShapeKind.String or ShapeKind.Character => JsonValue.Create(text),
        ShapeKind.Blob => Base64.DecodedLength(text) >= 0 ? JsonValue.Create(text) : null,
        ShapeKind.Timestamp => Timestamps.Read(text),
        ShapeKind.Boolean => text switch { "true" => JsonValue.Create(true), "false" => JsonValue.Create(false), _ => null },
        ShapeKind.Integer => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Number(number) : null,
        ShapeKind.Long => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Number(number) : null,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Number(number) : null,
    };

    private static JsonNode Number<T>(T number)
        where T : IFormattable
    {
        // Through text, so that handlers read it as any numeric type, like a number that came in JSON.
        using var document = JsonDocument.Parse(number.ToString(null, CultureInfo.InvariantCulture));
        return JsonValue.Create(document.RootElement.Clone())!;
    }
}
