using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>
/// Checks an input against every constraint of its model: required members, lengths, ranges, patterns and enums. The
/// input has been read by shape before, so its types are right and it has no unknown members.
/// </summary>
internal sealed class InputValidator(ConstraintOverrides overrides)
{
    /// <summary>How many violations are collected; more would not fit an error message anyway.</summary>
    private const int MaxViolations = 32;

    private const int ShownValueLength = 60;

    private const string MissingMember = "Member must not be null";

    /// <exception cref="ApiException">Constraints are broken; all of them are in the message, as far as they fit.</exception>
    public void Demand(OperationModel operation, JsonObject input)
    {
        var violations = Check(operation, input);
        if (violations.Count > 0)
        {
            var isMissingOnly = violations.All(violation => violation.Constraint == MissingMember);
            var code = (isMissingOnly ? overrides.MissingErrorCode : null) ?? overrides.ValidationErrorCode ?? CommonErrors.Validation;
            var model = operation.Model;
            throw new ApiException(code, ValidationMessage.Of(violations, ApiError.MessageLength(model, model.FindShape(code))));
        }
    }

    private List<Violation> Check(OperationModel operation, JsonObject input)
    {
        var violations = new List<Violation>();
        if (operation.Input is { } reference)
        {
            new Walk(overrides, operation.Name, violations).Structure(reference.Shape, input, "");
        }

        return violations;
    }

    private sealed class Walk(ConstraintOverrides overrides, string operation, List<Violation> violations)
    {
        public void Structure(Shape shape, JsonObject value, string path)
        {
            foreach (var required in shape.Required)
            {
                if (!value.ContainsKey(required) && !overrides.IsOptional(operation, shape.Name, required))
                {
                    Add(new Violation(MemberPath.Member(path, required), "null", MissingMember));
                }
            }

            if (shape.IsUnion && value.Count != 1)
            {
                Add(new Violation(path, "", "Member must have exactly one member set"));
            }

            foreach (var (name, member) in value)
            {
                Node(shape.Members[name].Shape, member!, MemberPath.Member(path, name));
            }
        }

        private void Node(Shape shape, JsonNode value, string path)
        {
            if (violations.Count >= MaxViolations || shape.IsDocument)
            {
                return;
            }

            switch (shape.Kind)
            {
                case ShapeKind.Structure:
                    Structure(shape, (JsonObject)value, path);
                    break;
                case ShapeKind.List:
                    List(shape, (JsonArray)value, path);
                    break;
                case ShapeKind.Map:
                    Map(shape, (JsonObject)value, path);
                    break;
                default:
                    foreach (var constraint in Scalar(shape, value))
                    {
                        Add(new Violation(path, Shown(shape, value), constraint));
                    }

                    break;
            }
        }

        private void List(Shape shape, JsonArray value, string path)
        {
            foreach (var constraint in Length(shape, value.Count))
            {
                Add(new Violation(path, "", constraint));
            }

            for (var index = 0; index < value.Count; index++)
            {
                Node(shape.Element!.Shape, value[index]!, MemberPath.Element(path, index));
            }
        }

        private void Map(Shape shape, JsonObject value, string path)
        {
            foreach (var constraint in Length(shape, value.Count))
            {
                Add(new Violation(path, "", constraint));
            }

            var keyShape = shape.Key!.Shape;
            var index = 0;
            foreach (var (key, member) in value)
            {
                foreach (var constraint in Text(keyShape, key))
                {
                    var shown = keyShape.IsSensitive ? "" : $"'{Excerpt.Of(key, ShownValueLength)}'";
                    Add(new Violation(path, shown, $"Map keys must satisfy constraint: [{constraint}]"));
                }

                Node(shape.Value!.Shape, member!, MemberPath.Value(path, key, index++, keyShape.IsSensitive));
            }
        }

        private IEnumerable<string> Scalar(Shape shape, JsonNode value) => shape.Kind switch
        {
            ShapeKind.String or ShapeKind.Character => Text(shape, value.GetValue<string>()),
            ShapeKind.Blob => Length(shape, Base64.DecodedLength(value.GetValue<string>())),
            ShapeKind.Integer or ShapeKind.Long or ShapeKind.Float or ShapeKind.Double => Range(shape, value.GetValue<JsonElement>()),
            _ => [],
        };

        private IEnumerable<string> Text(Shape shape, string text)
        {
            foreach (var constraint in Length(shape, text.EnumerateRunes().Count()))
            {
                yield return constraint;
            }

            var replaced = overrides.For(shape);
            if (replaced?.Values is { } values && !values.Contains(text, StringComparer.Ordinal))
            {
                yield return $"Member must satisfy enum value set: [{string.Join(", ", values)}]";
            }

            if (replaced?.Check?.Invoke(text) is { } complaint)
            {
                yield return complaint;
            }

            // An override of the text's form replaces the model's pattern altogether.
            var pattern = replaced is null ? shape.Pattern : replaced.Pattern;
            if (pattern is not null && !PatternCache.Matches(pattern, text))
            {
                yield return replaced?.Description ?? $"Member must satisfy regular expression pattern: {pattern}";
            }

            if (shape.Enum.Count > 0 && !shape.Enum.Contains(text, StringComparer.Ordinal))
            {
                yield return $"Member must satisfy enum value set: [{string.Join(", ", shape.Enum)}]";
            }
        }

        private static IEnumerable<string> Length(Shape shape, int length)
        {
            if (length < shape.Min)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Member must have length greater than or equal to {shape.Min}");
            }

            if (length > shape.Max)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Member must have length less than or equal to {shape.Max}");
            }
        }

        private static IEnumerable<string> Range(Shape shape, JsonElement number)
        {
            // Decimal holds each 64-bit integer exactly; a float beyond it is beyond any bound that a model states.
            var value = number.TryGetDecimal(out var exact) ? exact : number.GetDouble() < 0 ? decimal.MinValue : decimal.MaxValue;
            if (value < shape.Min)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Member must have value greater than or equal to {shape.Min}");
            }

            if (value > shape.Max)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Member must have value less than or equal to {shape.Max}");
            }
        }

        private static string Shown(Shape shape, JsonNode value)
        {
            if (shape.IsSensitive || shape.Kind == ShapeKind.Blob)
            {
                return "";
            }

            var text = value is JsonValue scalar && scalar.TryGetValue<string>(out var plain) ? plain : value.ToJsonString();
            return $"'{Excerpt.Of(text, ShownValueLength)}'";
        }

        private void Add(Violation violation)
        {
            if (violations.Count < MaxViolations)
            {
                violations.Add(violation);
            }
        }
    }
}
