using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The calls that answer values.</summary>
internal sealed class SecretReading(SecretDocuments documents, SecretLookup lookup, SecretVault vault, SecretList list, TimeProvider timeProvider)
{
    private const int BatchSize = 20;

    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken) =>
        await Read(await lookup.FindLive(call, cancellationToken), call.Input.Text("VersionId"), call.Input.Text("VersionStage"), cancellationToken);

    /// <summary>Up to twenty secrets by id or by filters; those that can't be read are answered as errors beside the others.</summary>
    public async Task<JsonObject> GetBatch(ApiCall call, CancellationToken cancellationToken)
    {
        var (named, filters) = (call.Input.Texts("SecretIdList"), call.Input.Objects("Filters"));
        if (named is null == filters is null)
        {
            throw SecretErrors.InvalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }

        if (named is not null && (call.Input.ContainsKey("MaxResults") || call.Input.ContainsKey("NextToken")))
        {
            throw SecretErrors.InvalidParameter("'MaxResults' and 'NextToken' can only be used together with 'Filters'.");
        }

        string? next = null;
        if (named is null)
        {
            (var secrets, next) = await list.Page(call, BatchSize, cancellationToken);
            named = [.. secrets.Select(static stored => stored.Record.Arn)];
        }

        var (values, errors) = (new JsonArray(), new JsonArray());
        foreach (var secretId in named)
        {
            try
            {
                var found = await lookup.Find(call.Scope(), secretId, cancellationToken) ?? throw SecretErrors.NoSecret();
                values.Add((JsonNode)await Read(found.Record.IsDeleted ? throw SecretErrors.MarkedForDeletion() : found, null, null, cancellationToken));
            }
            catch (ApiException failure)
            {
                errors.Add((JsonNode)new JsonObject { ["SecretId"] = secretId, ["ErrorCode"] = failure.Code, ["Message"] = failure.Message });
            }
        }

        return new JsonObject { ["SecretValues"] = values, ["Errors"] = errors, ["NextToken"] = next };
    }

    private async Task<JsonObject> Read(Stored<SecretRecord> stored, string? versionId, string? stage, CancellationToken cancellationToken)
    {
        var secret = stored.Record;
        var version = versionId is null
            ? secret.FindStage(stage ?? SecretStages.Current) ?? throw SecretErrors.NoStage(stage ?? SecretStages.Current)
            : secret.FindVersion(versionId) ?? throw SecretErrors.NoVersion(versionId);
        if (stage is not null && !version.Stages.Contains(stage, StringComparer.Ordinal))
        {
            throw SecretErrors.InvalidRequest("You provided a VersionStage that is not associated to the provided VersionId.");
        }

        var value = await vault.Read(secret, version.Id, cancellationToken)
            ?? throw (versionId is null ? SecretErrors.NoStage(stage ?? SecretStages.Current) : SecretErrors.NoVersion(versionId));
        await NoteAccess(stored, version, cancellationToken);
        var output = SecretAnswers.Version(secret, version.Id);
        value.WriteTo(output);
        output["VersionStages"] = version.IsDeprecated ? null : SecretAnswers.Texts(version.Stages);
        output["CreatedDate"] = ApiOutput.Timestamp(version.CreatedAt);
        return output;
    }

    /// <summary>Once a day; a value is never refused because this could not be written.</summary>
    private async Task NoteAccess(Stored<SecretRecord> stored, SecretVersion version, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(timeProvider.GetUtcNow().UtcDateTime);
        if (version.AccessedOn == today)
        {
            return;
        }

        var noted = stored.Record with
        {
            AccessedOn = today,
            Versions = [.. stored.Record.Versions.Select(other => other.Id == version.Id ? other with { AccessedOn = today } : other)],
        };
        try
        {
            // A conflict means that somebody else has just changed the secret; the next reader notes it.
            await documents.Store.Commit([SecretDocuments.Write(noted, stored.Version)], cancellationToken);
        }
        catch (StoreException)
        {
            // A full disk.
        }
    }
}
