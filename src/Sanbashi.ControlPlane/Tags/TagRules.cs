using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Settings;

namespace Sanbashi.ControlPlane.Tags;

/// <summary>What tags may be.</summary>
internal sealed class TagRules(IReadOnlyList<string> allowedHostPaths)
{
    /// <summary>Tags per resource, as everywhere in AWS.</summary>
    public const int MaxTags = 50;

    /// <exception cref="Wire.ApiException">A key is missing, reserved or given twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<JsonObject> list)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in list)
        {
            var key = tag.Text("Key") ?? throw ApiErrors.InvalidRequest("A tag has no Key. Give each tag a Key.");
            if (key.StartsWith("aws:", StringComparison.Ordinal))
            {
                throw ApiErrors.InvalidRequest($"The tag key '{key}' is not allowed: keys that start with aws: are reserved.");
            }

            if (!tags.TryAdd(key, tag.Text("Value") ?? ""))
            {
                throw ApiErrors.InvalidRequest($"The tag key '{key}' is given twice. Give each key once.");
            }
        }

        return tags;
    }

    /// <summary>Checks all tags that a resource will have.</summary>
    public static void CheckCount(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > MaxTags)
        {
            throw ApiErrors.InvalidRequest($"The resource would have {tags.Count} tags; at most {MaxTags} are allowed. Remove some with UntagResource.");
        }
    }

    /// <summary>On services, <c>sanbashi:</c> tags are settings and have to be valid ones.</summary>
    public void CheckSettings(IReadOnlyDictionary<string, string> tags)
    {
        if (SettingsValidator.ProblemOfTags(tags, allowedHostPaths) is { } problem)
        {
            throw ApiErrors.InvalidRequest(problem);
        }
    }
}
