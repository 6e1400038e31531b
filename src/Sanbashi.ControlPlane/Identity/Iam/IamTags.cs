using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>Tags of identities. Their keys are unique in any case.</summary>
internal static class IamTags
{
    /// <exception cref="Wire.ApiException">A key is reserved, given twice, or there are too many.</exception>
    public static IReadOnlyDictionary<string, string> Add(IReadOnlyDictionary<string, string> present, IReadOnlyList<JsonObject>? given)
    {
        var tags = new SortedDictionary<string, string>(new Dictionary<string, string>(present), StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in given ?? [])
        {
            var key = tag.RequiredText("Key");
            if (!seen.Add(key))
            {
                throw IamErrors.InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }

            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw IamErrors.InvalidInput($"The tag key '{key}' is not allowed: keys that start with aws: are reserved.");
            }

            tags.Remove(key);
            tags[key] = tag.Text("Value") ?? "";
        }

        return tags.Count <= IamQuotas.TagsPerHolder ? tags : throw IamErrors.Limit($"The number of tags has reached the maximum limit: {IamQuotas.TagsPerHolder}.");
    }

    public static IReadOnlyDictionary<string, string> Remove(IReadOnlyDictionary<string, string> present, IReadOnlyList<string>? keys) =>
        present.Where(tag => keys?.Contains(tag.Key, StringComparer.OrdinalIgnoreCase) != true).ToDictionary(StringComparer.OrdinalIgnoreCase);

    public static JsonArray Render(IReadOnlyDictionary<string, string> tags) =>
        ApiOutput.List(tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value }));
}
