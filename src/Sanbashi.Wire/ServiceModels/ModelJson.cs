using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>Reads the optional members of a service definition.</summary>
internal static class ModelJson
{
    public static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static decimal? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number)
            ? number
            : null;

    public static IReadOnlyList<string> Texts(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var values) || values.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var texts = new List<string>(values.GetArrayLength());
        foreach (var value in values.EnumerateArray())
        {
            texts.Add(value.GetString()!);
        }

        return texts;
    }

    /// <summary>The names of shapes in a list of references.</summary>
    public static IReadOnlyList<string> References(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var references) || references.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var names = new List<string>(references.GetArrayLength());
        foreach (var reference in references.EnumerateArray())
        {
            names.Add(Text(reference, "shape")!);
        }

        return names;
    }

    public static JsonElement? Child(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
