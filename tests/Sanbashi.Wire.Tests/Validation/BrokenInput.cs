using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Validation;

/// <summary>A valid input with exactly one constraint broken.</summary>
/// <param name="What">The constraint, for the test's output.</param>
/// <param name="Path">How the answer must name the place.</param>
/// <param name="Input">The input.</param>
internal sealed record BrokenInput(string What, string Path, JsonObject Input)
{
    private const int LengthLimit = 200_000;

    /// <summary>Each constraint of an operation's input broken by itself.</summary>
    public static IEnumerable<BrokenInput> All(OperationModel operation)
    {
        if (operation.Input is not { } reference)
        {
            yield break;
        }

        var valid = ModelSamples.Input(operation);
        foreach (var (path, steps, shape, overrides) in Places(operation, reference.Shape, valid, "", []))
        {
            foreach (var (what, value) in Breaks(shape, overrides))
            {
                yield return new BrokenInput($"{what} at {path}", path, With(valid, steps, value));
            }
        }

        foreach (var (path, steps) in Required(operation, reference.Shape, valid, "", []))
        {
            yield return new BrokenInput($"missing {path}", path, With(valid, steps, null));
            yield return new BrokenInput($"null {path}", path, With(valid, steps, null, keepNull: true));
        }
    }

    /// <summary>Each member replaced with a value of another JSON type.</summary>
    public static IEnumerable<BrokenInput> WrongTypes(OperationModel operation)
    {
        if (operation.Input is not { } reference)
        {
            yield break;
        }

        var valid = ModelSamples.Input(operation);
        foreach (var (path, steps, shape, _) in Places(operation, reference.Shape, valid, "", []))
        {
            foreach (var value in new JsonNode[] { "no base64!", 1.5, true, new JsonArray(), new JsonObject() })
            {
                var fits = value switch
                {
                    JsonArray => shape.Kind == ShapeKind.List,
                    JsonObject => shape.Kind is ShapeKind.Structure or ShapeKind.Map,
                    _ when value.GetValueKind() == System.Text.Json.JsonValueKind.String => shape.Kind is ShapeKind.String or ShapeKind.Character,
                    _ when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => shape.Kind is ShapeKind.Timestamp or ShapeKind.Double or ShapeKind.Float,
                    _ => shape.Kind == ShapeKind.Boolean,
                };
                if (!fits)
                {
                    yield return new BrokenInput($"{value.ToJsonString()} at {path}", path, With(valid, steps, value.DeepClone()));
                }
            }
        }
    }

    private static IEnumerable<(string What, JsonNode Value)> Breaks(Shape shape, ConstraintOverride? replaced)
    {
        switch (shape.Kind)
        {
            case ShapeKind.String:
                if (shape.Min > 0)
                {
                    yield return ("too short", new string('a', (int)shape.Min - 1));
                }

                if (shape.Max < LengthLimit)
                {
                    yield return ("too long", new string('a', (int)shape.Max + 1));
                }

                if (shape.Enum.Count > 0 || replaced?.Values is not null)
                {
                    yield return ("not in the enum", "NONE_OF_THEM");
                    yield return ("enum in other case", shape.Enum.Count > 0 ? Swap(shape.Enum[0]) : "1 VCPU");
                }

                var pattern = replaced is null ? shape.Pattern : replaced.Pattern;
                if (pattern is not null)
                {
                    foreach (var text in new[] { "é", "!\n", "a\n", "aws:x\n", "\n", "\0" })
                    {
                        var filled = text.PadLeft((int)Math.Max(shape.Min ?? 0, text.Length), 'a');
                        if (!PatternCache.Matches(pattern, filled))
                        {
                            yield return ($"pattern by {System.Text.Json.JsonEncodedText.Encode(filled)}", filled);
                        }
                    }
                }

                break;
            case ShapeKind.Integer or ShapeKind.Long:
                if (shape.Min is { } min)
                {
                    yield return ("too small", (long)min - 1);
                }

                if (shape.Max is { } max)
                {
                    yield return ("too large", (long)max + 1);
                }

                break;
            case ShapeKind.List:
                if (shape.Min > 0)
                {
                    yield return ("too few", new JsonArray());
                }

                if (shape.Max < LengthLimit)
                {
                    yield return ("too many", new JsonArray([.. Enumerable.Range(0, (int)shape.Max + 1).Select(_ => ModelSamples.Of(shape.Element!.Shape, 5))]));
                }

                break;
            case ShapeKind.Map:
                if (shape.Min > 0)
                {
                    yield return ("too few", new JsonObject());
                }

                if (shape.Key!.Shape.Min > 0)
                {
                    yield return ("key too short", new JsonObject { [""] = ModelSamples.Of(shape.Value!.Shape, 5) });
                }

                break;
        }
    }

    private static IEnumerable<(string Path, string[] Steps, Shape Shape, ConstraintOverride? Overrides)> Places(
        OperationModel operation,
        Shape shape,
        JsonNode value,
        string path,
        string[] steps)
    {
        if (steps.Length > 0)
        {
            yield return (path, steps, shape, operation.Model.Overrides.For(shape));
        }

        IEnumerable<(string Path, string Step, Shape Shape, JsonNode Value)> children = shape.Kind switch
        {
            ShapeKind.Structure => ((JsonObject)value).Select(entry =>
                (Lower(path, entry.Key), entry.Key, shape.Members[entry.Key].Shape, entry.Value!)),
            ShapeKind.List when ((JsonArray)value).Count > 0 => [($"{path}.1.member", "0", shape.Element!.Shape, ((JsonArray)value)[0]!)],
            ShapeKind.Map => ((JsonObject)value).Select(entry =>
                (shape.Key!.Shape.IsSensitive ? $"{path}.1.value" : $"{path}.{entry.Key}.member", entry.Key, shape.Value!.Shape, entry.Value!)),
            _ => [],
        };
        foreach (var child in children)
        {
            foreach (var place in Places(operation, child.Shape, child.Value, child.Path, [.. steps, child.Step]))
            {
                yield return place;
            }
        }
    }

    private static IEnumerable<(string Path, string[] Steps)> Required(OperationModel operation, Shape shape, JsonNode value, string path, string[] steps)
    {
        foreach (var (place, placeSteps, placeShape, _) in Places(operation, shape, value, path, steps).Prepend((path, steps, shape, null)))
        {
            foreach (var required in placeShape.Required.Where(name => !operation.Model.Overrides.IsOptional(operation.Name, placeShape.Name, name)))
            {
                yield return (Lower(place, required), [.. placeSteps, required]);
            }
        }
    }

    private static JsonObject With(JsonObject valid, string[] steps, JsonNode? value, bool keepNull = false)
    {
        var copy = (JsonObject)valid.DeepClone();
        JsonNode node = copy;
        foreach (var step in steps[..^1])
        {
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        }

        if (node is JsonArray items)
        {
            items[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        }
        else if (value is null && !keepNull)
        {
            ((JsonObject)node).Remove(steps[^1]);
        }
        else
        {
            node[steps[^1]] = value;
        }

        return copy;
    }

    private static string Lower(string path, string name) =>
        (path.Length == 0 ? "" : path + ".") + char.ToLowerInvariant(name[0]) + name[1..];

    private static string Swap(string text) => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
}
