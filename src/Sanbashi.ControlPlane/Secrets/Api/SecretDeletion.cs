using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>Deletes secrets, at once or after a time in which they can be restored.</summary>
internal sealed class SecretDeletion(SecretDocuments documents, SecretLookup lookup, TimeProvider timeProvider)
{
    private const int DefaultDays = 30;
    private const int LeastDays = 7;
    private const int MostDays = 30;

    public async Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken)
    {
        var isForced = call.Input.Flag("ForceDeleteWithoutRecovery") == true;
        var days = call.Input.Integer("RecoveryWindowInDays");
        if (isForced && days is not null)
        {
            throw SecretErrors.InvalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }

        if (days is < LeastDays or > MostDays)
        {
            throw SecretErrors.InvalidParameter($"The RecoveryWindowInDays value must be between {LeastDays} and {MostDays} days (inclusive).");
        }

        var now = timeProvider.GetUtcNow();
        return await SecretWrites.Commit(
            documents.Store,
            async token =>
            {
                var secretId = call.Input.RequiredText("SecretId");
                var found = await lookup.Find(call.Scope(), secretId, token);
                if (found is null)
                {
                    // Deleting by force what is not there succeeds, so that it can be repeated.
                    return isForced ? new Proposal<JsonObject>([], Answer(Missing(call, secretId), now)) : throw SecretErrors.NoSecret();
                }

                if (isForced)
                {
                    return new Proposal<JsonObject>(SecretDocuments.Delete(found), Answer(SecretAnswers.Name(found.Record), now));
                }

                if (found.Record.IsDeleted)
                {
                    throw SecretErrors.InvalidRequest("You tried to perform the operation on a secret that's currently marked deleted.");
                }

                var deleted = found.Record with { DeletedAt = now, PurgeAt = now.AddDays(days ?? DefaultDays) };
                return new Proposal<JsonObject>([SecretDocuments.Write(deleted, found.Version)], Answer(SecretAnswers.Name(deleted), deleted.PurgeAt.Value));
            },
            cancellationToken);
    }

    /// <summary>A secret that is not deleted stays as it is.</summary>
    public Task<JsonObject> Restore(ApiCall call, CancellationToken cancellationToken) => SecretWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.Find(call, token);
            var restored = found.Record with { DeletedAt = null, PurgeAt = null };
            return new Proposal<JsonObject>(found.Record.IsDeleted ? [SecretDocuments.Write(restored, found.Version)] : [], SecretAnswers.Name(restored));
        },
        cancellationToken);

    private static JsonObject Answer(JsonObject name, DateTimeOffset deletionDate)
    {
        name["DeletionDate"] = ApiOutput.Timestamp(deletionDate);
        return name;
    }

    private static JsonObject Missing(ApiCall call, string secretId) => SecretArn.IsArn(secretId)
        ? new JsonObject { ["ARN"] = secretId, ["Name"] = SecretArn.TryParse(secretId) is { } arn ? arn.NameBeforeSuffix ?? arn.Resource : secretId }
        : new JsonObject
        {
            ["ARN"] = SecretArn.Of(call.Scope(), secretId, RandomNumberGenerator.GetString(SecretArn.SuffixAlphabet, SecretArn.SuffixLength)),
            ["Name"] = secretId,
        };
}
