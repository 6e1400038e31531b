using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The tags of secrets.</summary>
internal sealed class SecretTags(SecretDocuments documents, SecretLookup lookup)
{
    public static IReadOnlyDictionary<string, string> Read(JsonObject input)
    {
        var tags = TagRules.Read(input.Objects("Tags") ?? []);
        TagRules.CheckCount(tags);
        return tags;
    }

    public Task<JsonObject> Tag(ApiCall call, CancellationToken cancellationToken)
    {
        var added = Read(call.Input);
        return Change(call, tags => new Dictionary<string, string>([.. tags.Where(tag => !added.ContainsKey(tag.Key)), .. added], StringComparer.Ordinal), cancellationToken);
    }

    public Task<JsonObject> Untag(ApiCall call, CancellationToken cancellationToken)
    {
        var removed = call.Input.Texts("TagKeys") ?? [];
        return Change(call, tags => new Dictionary<string, string>(tags.Where(tag => !removed.Contains(tag.Key, StringComparer.Ordinal)), StringComparer.Ordinal), cancellationToken);
    }

    private Task<JsonObject> Change(ApiCall call, Func<IReadOnlyDictionary<string, string>, Dictionary<string, string>> change, CancellationToken cancellationToken) => SecretWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.FindLive(call, token);
            var tagged = found.Record with { Tags = change(found.Record.Tags) };
            TagRules.CheckCount(tagged.Tags);
            return new Proposal<JsonObject>([SecretDocuments.Write(tagged, found.Version)], new JsonObject());
        },
        cancellationToken);
}
