using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>The tags of parameters; other resources of Systems Manager are not there.</summary>
internal sealed class ParameterTags(ParameterDocuments documents, ParameterLookup lookup)
{
    private const string ParameterType = "Parameter";

    /// <summary>The tags of an input; what is wrong with them is an invalid request here.</summary>
    public static IReadOnlyDictionary<string, string> Read(JsonObject input)
    {
        try
        {
            var tags = TagRules.Read(input.Objects("Tags") ?? []);
            TagRules.CheckCount(tags);
            return tags;
        }
        catch (ApiException refused)
        {
            throw ParameterErrors.Invalid(refused.Message);
        }
    }

    public async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var parameter = (await Find(call, cancellationToken)).Record;
        return new JsonObject { ["TagList"] = ApiOutput.List(parameter.Tags.Select(static tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })) };
    }

    public Task<JsonObject> Add(ApiCall call, CancellationToken cancellationToken)
    {
        var added = Read(call.Input);
        return Change(call, tags => new Dictionary<string, string>([.. tags.Where(tag => !added.ContainsKey(tag.Key)), .. added], StringComparer.Ordinal), cancellationToken);
    }

    public Task<JsonObject> Remove(ApiCall call, CancellationToken cancellationToken)
    {
        var removed = call.Input.Texts("TagKeys") ?? [];
        return Change(call, tags => new Dictionary<string, string>(tags.Where(tag => !removed.Contains(tag.Key, StringComparer.Ordinal)), StringComparer.Ordinal), cancellationToken);
    }

    private Task<JsonObject> Change(ApiCall call, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string>> change, CancellationToken cancellationToken) => ParameterWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await Find(call, token);
            var tagged = found.Record with { Tags = change(found.Record.Tags) };
            return tagged.Tags.Count <= TagRules.MaxTags
                ? new Proposal<JsonObject>([ParameterDocuments.Write(tagged, found.Version)], [])
                : throw new ApiException("TooManyTagsError", $"The parameter would have {tagged.Tags.Count} tags; at most {TagRules.MaxTags} are allowed.");
        },
        cancellationToken);

    private async Task<Stored<ParameterRecord>> Find(ApiCall call, CancellationToken cancellationToken)
    {
        if (call.Input.RequiredText("ResourceType") != ParameterType)
        {
            throw new ApiException("InvalidResourceType", "The resource type is not valid here: of Systems Manager only parameters are there. Use the type Parameter.");
        }

        var id = call.Input.RequiredText("ResourceId");
        return await lookup.Find(call.Scope(), id, cancellationToken)
            ?? throw new ApiException("InvalidResourceId", "The resource ID is not valid. Verify that you entered the correct ID and try again.");
    }
}
