using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The calls that write values and move staging labels.</summary>
internal sealed class SecretChanges(SecretDocuments documents, SecretLookup lookup, SecretVault vault, TimeProvider timeProvider)
{
    public async Task<JsonObject> Put(ApiCall call, CancellationToken cancellationToken)
    {
        var value = SecretValue.Read(call.Input) ?? throw SecretErrors.InvalidRequest("You must provide either SecretString or SecretBinary.");
        var stages = call.Input.Texts("VersionStages") ?? [SecretStages.Current];
        var (secret, version) = await AddVersion(call, value, stages, static secret => secret, cancellationToken);
        var output = SecretAnswers.Version(secret, version.Id);
        output["VersionStages"] = version.IsDeprecated ? null : SecretAnswers.Texts(version.Stages);
        return output;
    }

    /// <summary>Description, key and value; a value becomes a new version that is current at once.</summary>
    public async Task<JsonObject> Update(ApiCall call, CancellationToken cancellationToken)
    {
        var input = call.Input;
        SecretRecord Described(SecretRecord secret) => secret with
        {
            Description = input.Text("Description") ?? secret.Description,
            KmsKeyId = input.Text("KmsKeyId") ?? secret.KmsKeyId,
            Type = input.Text("Type") ?? secret.Type,
            ChangedAt = timeProvider.GetUtcNow(),
        };

        if (SecretValue.Read(input) is { } value)
        {
            var (secret, version) = await AddVersion(call, value, [SecretStages.Current], Described, cancellationToken);
            return SecretAnswers.Version(secret, version.Id);
        }

        return await SecretWrites.Commit(
            documents.Store,
            async token =>
            {
                var found = await lookup.FindLive(call, token);
                return new Proposal<JsonObject>([SecretDocuments.Write(Described(found.Record), found.Version)], SecretAnswers.Name(found.Record));
            },
            cancellationToken);
    }

    public async Task<JsonObject> UpdateStage(ApiCall call, CancellationToken cancellationToken) => await SecretWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.FindLive(call, token);
            var changed = found.Record with
            {
                Versions = Moved(found.Record, call.Input.RequiredText("VersionStage"), call.Input.Text("RemoveFromVersionId"), call.Input.Text("MoveToVersionId")),
                ChangedAt = timeProvider.GetUtcNow(),
            };
            return new Proposal<JsonObject>([SecretDocuments.Write(changed, found.Version)], SecretAnswers.Name(changed));
        },
        cancellationToken);

    private static IReadOnlyList<SecretVersion> Moved(SecretRecord secret, string stage, string? from, string? to)
    {
        var holder = secret.FindStage(stage)?.Id;
        foreach (var named in new[] { from, to }.OfType<string>().Where(id => secret.FindVersion(id) is null))
        {
            throw SecretErrors.NoVersion(named);
        }

        if (from is not null && from != holder)
        {
            throw SecretErrors.InvalidParameter($"The staging label {stage} is not attached to version {from}. It is {(holder is null ? "on no version" : $"on version {holder}")}.");
        }

        if (to is null)
        {
            return from is null
                ? throw SecretErrors.InvalidParameter("You must provide RemoveFromVersionId, MoveToVersionId, or both.")
                : stage == SecretStages.Current
                    ? throw SecretErrors.InvalidParameter("You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.")
                    : SecretStages.Detach(secret.Versions, stage);
        }

        if (holder is not null && from is null && holder != to)
        {
            throw SecretErrors.InvalidParameter(
                $"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version {holder}, so you must explicitly reference that version in RemoveFromVersionId.");
        }

        var moved = SecretStages.Attach(secret.Versions, to, [stage]);
        return moved.First(version => version.Id == to).Stages.Count <= SecretStages.MaxPerVersion
            ? moved
            : throw SecretErrors.LimitExceeded($"A version can't have more than {SecretStages.MaxPerVersion} staging labels.");
    }

    /// <summary>The same token with the same value changes nothing.</summary>
    private async Task<(SecretRecord Secret, SecretVersion Version)> AddVersion(
        ApiCall call, SecretValue value, IReadOnlyList<string> stages, Func<SecretRecord, SecretRecord> change, CancellationToken cancellationToken)
    {
        var token = SecretToken.Of(call);
        using var sealing = vault.BeginSealing();
        return await SecretWrites.Commit(
            documents.Store,
            async cancel =>
            {
                var found = await lookup.FindLive(call, cancel);
                if (found.Record.FindVersion(token) is { } same && await vault.Read(found.Record, token, cancel) is { } stored)
                {
                    return stored.Equals(value)
                        ? new Proposal<(SecretRecord, SecretVersion)>([], (found.Record, same))
                        : throw SecretErrors.TokenInUse(token, found.Record.Arn);
                }

                // The first value of a secret is its current one, whatever else it is called.
                var given = found.Record.FindStage(SecretStages.Current) is null ? stages.Append(SecretStages.Current).Distinct(StringComparer.Ordinal) : stages.Distinct(StringComparer.Ordinal);
                var changed = SecretChange.AddVersion(
                    change(found.Record), token, [.. given], SecretVault.Seal(sealing, found.Record, token, value), timeProvider.GetUtcNow());
                return new Proposal<(SecretRecord, SecretVersion)>(
                    [SecretDocuments.Write(changed.Secret, found.Version), .. changed.ValueWrites], (changed.Secret, changed.Secret.FindVersion(token)!));
            },
            cancellationToken);
    }
}
