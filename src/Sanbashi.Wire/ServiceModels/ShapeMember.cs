using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>A reference from one shape to another: a structure's member, a list's element, a map's key or value.</summary>
public sealed class ShapeMember
{
    private readonly ServiceModel _model;
    private Shape? _shape;

    internal ShapeMember(ServiceModel model, string name, JsonElement json)
    {
        _model = model;
        Name = name;
        ShapeName = ModelJson.Text(json, "shape") ?? throw new InvalidDataException($"member '{name}' names no shape");
        LocationName = ModelJson.Text(json, "locationName");
        Location = ModelJson.Text(json, "location");
        QueryName = ModelJson.Text(json, "queryName");
        TimestampFormat = ModelJson.Text(json, "timestampFormat");
        IsFlattened = ModelJson.Flag(json, "flattened");
        IsXmlAttribute = ModelJson.Flag(json, "xmlAttribute");
    }

    /// <summary>The name in inputs and outputs; <c>member</c>, <c>key</c> or <c>value</c> in lists and maps.</summary>
    public string Name { get; }

    /// <summary>The name of the shape that this refers to.</summary>
    public string ShapeName { get; }

    /// <summary>The name on the wire, where it differs from <see cref="Name"/>.</summary>
    public string? LocationName { get; }

    /// <summary>Where REST protocols put it: <c>uri</c>, <c>querystring</c>, <c>header</c>, <c>statusCode</c>; else the body.</summary>
    public string? Location { get; }

    /// <summary>The parameter's name in the ec2 protocol, where it is not derived.</summary>
    public string? QueryName { get; }

    /// <summary>The member's own time format, where it differs from its shape's.</summary>
    public string? TimestampFormat { get; }

    /// <summary>Whether a list or map is written without a wrapping element.</summary>
    public bool IsFlattened { get; }

    /// <summary>Whether XML carries it as an attribute.</summary>
    public bool IsXmlAttribute { get; }

    /// <summary>The shape that this refers to.</summary>
    /// <exception cref="InvalidDataException">The model has no such shape.</exception>
    public Shape Shape => _shape ??= _model.GetShape(ShapeName);
}
