using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>Deletes parameters with all of their versions.</summary>
internal sealed class ParameterDeletion(ParameterDocuments documents, ParameterLookup lookup)
{
    public async Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken)
    {
        var name = call.Input.RequiredText("Name");
        return await Remove(call, name, cancellationToken) ? [] : throw ParameterErrors.NotFound(name);
    }

    public async Task<JsonObject> DeleteSeveral(ApiCall call, CancellationToken cancellationToken)
    {
        var (deleted, invalid) = (new JsonArray(), new JsonArray());
        foreach (var name in call.Input.Texts("Names")!.Distinct(StringComparer.Ordinal))
        {
            (await Remove(call, name, cancellationToken) ? deleted : invalid).Add((JsonNode)name);
        }

        return new JsonObject { ["DeletedParameters"] = deleted, ["InvalidParameters"] = invalid };
    }

    private Task<bool> Remove(ApiCall call, string name, CancellationToken cancellationToken) => ParameterWrites.Commit(
        documents.Store,
        async token => await lookup.Find(call.Scope(), name, token) is { } found
            ? new Proposal<bool>(ParameterDocuments.Delete(found), true)
            : new Proposal<bool>([], false),
        cancellationToken);
}
