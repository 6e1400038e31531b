using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Reads members of an input whose types the wire has already checked. An absent member is null.</summary>
internal static class ApiInput
{
    public static string? Text(this JsonObject input, string member) => input[member]?.GetValue<string>();

    /// <summary>A member that the model requires.</summary>
    public static string RequiredText(this JsonObject input, string member) =>
        input.Text(member) ?? throw ApiErrors.InvalidRequest($"{member} is missing.");

    public static bool? Flag(this JsonObject input, string member) => input[member]?.GetValue<bool>();

    /// <summary>Integers may be held as any number type, depending on who made the node.</summary>
    public static int? Integer(this JsonObject input, string member) => input[member] is not JsonValue value
        ? null
        : value.TryGetValue<int>(out var small) ? small : checked((int)decimal.Parse(value.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture));

    public static JsonObject? Object(this JsonObject input, string member) => input[member] as JsonObject;

    public static IReadOnlyList<JsonObject>? Objects(this JsonObject input, string member) =>
        input[member] is JsonArray items ? [.. items.OfType<JsonObject>()] : null;

    public static IReadOnlyList<string>? Texts(this JsonObject input, string member) =>
        input[member] is JsonArray items ? [.. items.OfType<JsonValue>().Select(item => item.GetValue<string>())] : null;

    public static IReadOnlyDictionary<string, string>? TextMap(this JsonObject input, string member) =>
        input[member] is JsonObject map
            ? map.Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>(), StringComparer.Ordinal)
            : null;
}
