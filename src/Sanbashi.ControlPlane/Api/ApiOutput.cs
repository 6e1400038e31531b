using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Forms of values in answers.</summary>
internal static class ApiOutput
{
    /// <summary>Seconds since the epoch with milliseconds, as the real service sends them.</summary>
    public static JsonNode Timestamp(DateTimeOffset time) => JsonValue.Create(time.ToUnixTimeMilliseconds() / 1000m);

    public static JsonNode? Timestamp(DateTimeOffset? time) => time is { } known ? Timestamp(known) : null;

    /// <summary>CreateFailed becomes CREATE_FAILED.</summary>
    public static string UpperSnake<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value))));

    public static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);
}
