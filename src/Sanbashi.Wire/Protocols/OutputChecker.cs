using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>
/// Checks what a handler answers against the output's shape: unknown members, wrong types and missing required members are
/// bugs of the handler. Values are not checked, since the real services themselves answer with some that their models forbid.
/// </summary>
internal static class OutputChecker
{
    /// <summary>The output's faults, each with its path; empty when it is right.</summary>
    public static IReadOnlyList<string> Check(OperationModel operation, JsonObject output)
    {
        var faults = new List<string>();
        if (operation.Output is { } reference)
        {
            Structure(reference.Shape, output, operation.Name, faults);
        }
        else if (output.Count > 0)
        {
            faults.Add($"{operation.Name} has no output, but got '{output.First().Key}'");
        }

        return faults;
    }

    /// <summary>Removes what <see cref="Check"/> finds to be unknown or of a wrong type, so that the rest can be written.</summary>
    public static JsonObject Prune(OperationModel operation, JsonObject output) =>
        operation.Output is { } reference ? (JsonObject)Prune(reference.Shape, output)! : [];

    private static void Structure(Shape shape, JsonObject output, string path, List<string> faults)
    {
        foreach (var (name, value) in output)
        {
            if (!shape.Members.TryGetValue(name, out var member))
            {
                faults.Add($"{path}: {shape.Name} has no member '{name}'");
            }
            else if (value is not null)
            {
                Node(member.Shape, value, $"{path}.{name}", faults);
            }
        }

        faults.AddRange(shape.Required.Where(name => output[name] is null).Select(name => $"{path}: '{name}' is required and missing"));
    }

    private static void Node(Shape shape, JsonNode value, string path, List<string> faults)
    {
        if (shape.IsDocument)
        {
            return;
        }

        if (!Fits(shape, value))
        {
            faults.Add($"{path}: a {value.GetValueKind()} does not fit {shape.Name}, a {shape.Kind}");
            return;
        }

        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                Structure(shape, (JsonObject)value, path, faults);
                break;
            case ShapeKind.List:
                foreach (var item in (JsonArray)value)
                {
                    Element(shape.Element!.Shape, item, path, faults);
                }

                break;
            case ShapeKind.Map:
                foreach (var (key, item) in (JsonObject)value)
                {
                    Element(shape.Value!.Shape, item, $"{path}.{key}", faults);
                }

                break;
        }
    }

    private static void Element(Shape shape, JsonNode? item, string path, List<string> faults)
    {
        if (item is null)
        {
            faults.Add($"{path}: null in a list or map");
        }
        else
        {
            Node(shape, item, path, faults);
        }
    }

    private static JsonNode? Prune(Shape shape, JsonNode? value)
    {
        if (value is null || shape.IsDocument)
        {
            return value?.DeepClone();
        }

        if (!Fits(shape, value))
        {
            return null;
        }

        return shape.Kind switch
        {
            ShapeKind.Structure => new JsonObject(
                from entry in (JsonObject)value
                where shape.Members.ContainsKey(entry.Key)
                select KeyValuePair.Create(entry.Key, Prune(shape.Members[entry.Key].Shape, entry.Value))),
            ShapeKind.List => new JsonArray([.. ((JsonArray)value).Select(item => Prune(shape.Element!.Shape, item)).Where(item => item is not null)]),
            ShapeKind.Map => new JsonObject(
                from entry in (JsonObject)value
                let kept = Prune(shape.Value!.Shape, entry.Value)
                where kept is not null
                select KeyValuePair.Create(entry.Key, (JsonNode?)kept)),
            _ => value.DeepClone(),
        };
    }

    private static bool Fits(Shape shape, JsonNode value) => shape.Kind switch
    {
        ShapeKind.Structure or ShapeKind.Map => value is JsonObject,
        ShapeKind.List => value is JsonArray,
        ShapeKind.String or ShapeKind.Character or ShapeKind.Blob => value.GetValueKind() == JsonValueKind.String,
        ShapeKind.Boolean => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => value.GetValueKind() == JsonValueKind.Number,
    };
}
