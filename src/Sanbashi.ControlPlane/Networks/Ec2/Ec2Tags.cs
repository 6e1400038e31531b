using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>Tags as EC2 takes and shows them.</summary>
internal static class Ec2Tags
{
    private const int MaxKeyLength = 127;
    private const int MaxValueLength = 255;

    /// <summary>The tags that a new resource of a kind is given.</summary>
    /// <exception cref="Wire.ApiException">They are for another kind, or are no legal tags.</exception>
    public static IReadOnlyDictionary<string, string> Specified(JsonObject input, string resourceType)
    {
        IReadOnlyDictionary<string, string> tags = new Dictionary<string, string>();
        foreach (var specification in input.Objects("TagSpecifications") ?? [])
        {
            if (specification.Text("ResourceType") is { } type && type != resourceType)
            {
                throw Ec2Errors.Invalid($"'{type}' is not a valid taggable resource type for this operation.");
            }

            tags = Add(tags, specification.Objects("Tags") ?? []);
        }

        return tags;
    }

    public static IReadOnlyDictionary<string, string> Add(IReadOnlyDictionary<string, string> present, IReadOnlyList<JsonObject> given)
    {
        var tags = new Dictionary<string, string>(present, StringComparer.Ordinal);
        foreach (var tag in given)
        {
            var key = tag.Text("Key") is { Length: > 0 } text ? text : throw Ec2Errors.Invalid("Tag keys must be between 1 and 127 characters long.");
            var value = tag.Text("Value") ?? "";
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw Ec2Errors.Invalid("Tag keys starting with 'aws:' are reserved for internal use");
            }

            if (key.Length > MaxKeyLength || value.Length > MaxValueLength)
            {
                throw Ec2Errors.Invalid($"Tag keys may have {MaxKeyLength} characters and values {MaxValueLength}. '{Excerpt.Of(key)}' has more.");
            }

            tags[key] = value;
        }

        return tags.Count <= Ec2Quotas.Tags ? tags : throw Ec2Errors.Limit("Tag", $"More than {Ec2Quotas.Tags} tags specified");
    }

    public static JsonArray Render(IReadOnlyDictionary<string, string> tags) => ApiOutput.List(tags
        .OrderBy(tag => tag.Key, StringComparer.Ordinal)
        .Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value }));
}
