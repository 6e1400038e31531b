using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>All places where inputs of one service are checked differently from its model's words.</summary>
public sealed class ConstraintOverrides
{
    private readonly Dictionary<string, ConstraintOverride> _shapes;
    private readonly HashSet<string> _optional;

    private ConstraintOverrides(
        Dictionary<string, ConstraintOverride> shapes,
        HashSet<string> optional,
        string? validationErrorCode,
        string? missingErrorCode)
    {
        _shapes = shapes;
        _optional = optional;
        ValidationErrorCode = validationErrorCode;
        MissingErrorCode = missingErrorCode;
    }

    /// <summary>Nothing is checked differently.</summary>
    public static ConstraintOverrides None { get; } = new([], [], null, null);

    /// <summary>The error that answers an input that breaks a constraint; <c>null</c> for the protocol's usual one.</summary>
    public string? ValidationErrorCode { get; }

    /// <summary>The error when nothing else is wrong than that required members are missing; <c>null</c> for the same one.</summary>
    public string? MissingErrorCode { get; }

    /// <summary>Reads the file that stands beside an embedded model; its format is described in the folder's README.</summary>
    /// <exception cref="InvalidDataException">The text has another format.</exception>
    public static ConstraintOverrides Parse(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var shapes = new Dictionary<string, ConstraintOverride>();
        var optional = new HashSet<string>();
        foreach (var part in document.RootElement.EnumerateObject())
        {
            switch (part.Name)
            {
                case "validationError" or "missingError":
                    break;
                case "shapes":
                    foreach (var shape in part.Value.EnumerateObject())
                    {
                        shapes.Add(shape.Name, ReadShape(shape.Value));
                    }

                    break;
                case "optional":
                    ReadOptional(part.Value, optional);
                    break;
                default:
                    throw new InvalidDataException($"Overrides have no part '{part.Name}'.");
            }
        }

        return new ConstraintOverrides(shapes, optional, ModelJson.Text(document.RootElement, "validationError"), ModelJson.Text(document.RootElement, "missingError"));
    }

    /// <summary>These overrides and one more for a shape; a later one replaces an earlier one.</summary>
    public ConstraintOverrides With(string shape, ConstraintOverride constraint) =>
        new(new Dictionary<string, ConstraintOverride>(_shapes) { [shape] = constraint }, _optional, ValidationErrorCode, MissingErrorCode);

    /// <summary>These overrides, and in one operation members of a shape that need not be given.</summary>
    public ConstraintOverrides WithOptional(string operation, string shape, params ReadOnlySpan<string> members)
    {
        var optional = new HashSet<string>(_optional);
        foreach (var member in members)
        {
            optional.Add(OptionalKey(operation, shape, member));
        }

        return new ConstraintOverrides(_shapes, optional, ValidationErrorCode, MissingErrorCode);
    }

    internal ConstraintOverride? For(Shape shape) => _shapes.GetValueOrDefault(shape.Name);

    internal bool IsOptional(string operation, string shape, string member) => _optional.Count > 0 && _optional.Contains(OptionalKey(operation, shape, member));

    private static void ReadOptional(JsonElement json, HashSet<string> optional)
    {
        foreach (var operation in json.EnumerateObject())
        {
            foreach (var shape in operation.Value.EnumerateObject())
            {
                foreach (var member in shape.Value.EnumerateArray())
                {
                    optional.Add(OptionalKey(operation.Name, shape.Name, member.GetString()!));
                }
            }
        }
    }

    private static string OptionalKey(string operation, string shape, string member) => $"{operation}/{shape}/{member}";

    private static ConstraintOverride ReadShape(JsonElement json) => new()
    {
        Pattern = ModelJson.Text(json, "pattern"),
        Values = ModelJson.Texts(json, "values") is { Count: > 0 } values ? values : null,
        Description = ModelJson.Text(json, "description"),
    };
}
