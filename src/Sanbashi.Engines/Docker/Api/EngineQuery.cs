using System.Text;
using System.Text.Json;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Builds paths with queries; values that are null are left out.</summary>
internal static class EngineQuery
{
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return text.ToString();
    }

    /// <summary>The JSON of a <c>filters</c> parameter.</summary>
    public static string Filters(params (string Name, string[] Values)[] filters) =>
        JsonSerializer.Serialize(filters.ToDictionary(filter => filter.Name, filter => filter.Values), EngineJson.Default.DictionaryStringStringArray);
}
