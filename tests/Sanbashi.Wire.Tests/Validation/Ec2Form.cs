using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Validation;

/// <summary>Flattens an input as EC2's clients do, on purpose without the code that reads it.</summary>
internal static class Ec2Form
{
    public static IReadOnlyList<KeyValuePair<string, string>> Of(Shape shape, JsonObject input) => [.. Structure(shape, input, "")];

    private static IEnumerable<KeyValuePair<string, string>> Structure(Shape shape, JsonObject input, string prefix) =>
        from entry in input
        where entry.Value is not null
        let member = shape.Members[entry.Key]
        let name = member.QueryName ?? (member.LocationName is { } location ? char.ToUpperInvariant(location[0]) + location[1..] : member.Name)
        from pair in Node(member.Shape, entry.Value, prefix + name)
        select pair;

    private static IEnumerable<KeyValuePair<string, string>> Node(Shape shape, JsonNode value, string name) => value switch
    {
        JsonObject structure => Structure(shape, structure, name + "."),
        JsonArray list => list.SelectMany((item, index) => Node(shape.Element!.Shape, item!, $"{name}.{index + 1}")),
        _ => [KeyValuePair.Create(name, value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString())],
    };
}
