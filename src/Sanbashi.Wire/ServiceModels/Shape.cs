using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>One type of a service definition with its constraints.</summary>
public sealed class Shape
{
    private readonly OrderedDictionary<string, ShapeMember> _members = [];

    internal Shape(ServiceModel model, string name, JsonElement json)
    {
        Name = name;
        Kind = KindOf(name, ModelJson.Text(json, "type"));
        Min = ModelJson.Number(json, "min");
        Max = ModelJson.Number(json, "max");
        Pattern = ModelJson.Text(json, "pattern");
        Enum = ModelJson.Texts(json, "enum");
        Required = ModelJson.Texts(json, "required");
        IsSensitive = ModelJson.Flag(json, "sensitive");
        IsFlattened = ModelJson.Flag(json, "flattened");
        IsUnion = ModelJson.Flag(json, "union");
        IsDocument = ModelJson.Flag(json, "document");
        TimestampFormat = ModelJson.Text(json, "timestampFormat");
        Element = Reference(model, json, "member");
        Key = Reference(model, json, "key");
        Value = Reference(model, json, "value");
        Error = ModelJson.Flag(json, "exception") ? new ShapeError(json) : null;
        if (ModelJson.Child(json, "members") is { } members)
        {
            foreach (var member in members.EnumerateObject())
            {
                _members.Add(member.Name, new ShapeMember(model, member.Name, member.Value));
            }
        }
    }

    /// <summary>The name in the model.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public ShapeKind Kind { get; }

    /// <summary>The smallest value of a number, or the least length of a text, blob, list or map.</summary>
    public decimal? Min { get; }

    /// <summary>The largest value of a number, or the greatest length of a text, blob, list or map.</summary>
    public decimal? Max { get; }

    /// <summary>A regular expression for the whole text, in the model's dialect (ECMAScript, not anchored).</summary>
    public string? Pattern { get; }

    /// <summary>The texts that are allowed; empty when any is.</summary>
    public IReadOnlyList<string> Enum { get; }

    /// <summary>A structure's members in the model's order.</summary>
    public IReadOnlyDictionary<string, ShapeMember> Members => _members;

    /// <summary>The names of the members that must be given.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>A list's element.</summary>
    public ShapeMember? Element { get; }

    /// <summary>A map's key.</summary>
    public ShapeMember? Key { get; }

    /// <summary>A map's value.</summary>
    public ShapeMember? Value { get; }

    /// <summary>Whether values must never be logged or quoted in an error.</summary>
    public bool IsSensitive { get; }

    /// <summary>Whether a list or map is written without a wrapping element.</summary>
    public bool IsFlattened { get; }

    /// <summary>Whether exactly one of a structure's members is set.</summary>
    public bool IsUnion { get; }

    /// <summary>Whether any JSON value is allowed.</summary>
    public bool IsDocument { get; }

    /// <summary>The time format, where it is not the protocol's own.</summary>
    public string? TimestampFormat { get; }

    /// <summary>Set when the structure is an error.</summary>
    public ShapeError? Error { get; }

    private static ShapeMember? Reference(ServiceModel model, JsonElement json, string name) =>
        ModelJson.Child(json, name) is { } reference ? new ShapeMember(model, name, reference) : null;

    private static ShapeKind KindOf(string name, string? type) => type switch
    {
        "structure" => ShapeKind.Structure,
        "list" => ShapeKind.List,
        "map" => ShapeKind.Map,
        "string" => ShapeKind.String,
        "character" => ShapeKind.Character,
        "byte" or "short" or "integer" => ShapeKind.Integer,
        "long" or "biginteger" => ShapeKind.Long,
        "float" => ShapeKind.Float,
        "double" or "bigdecimal" => ShapeKind.Double,
        "boolean" => ShapeKind.Boolean,
        "timestamp" => ShapeKind.Timestamp,
        "blob" => ShapeKind.Blob,
        _ => throw new InvalidDataException($"shape '{name}' has the type '{type}', which is not known"),
    };
}
