using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary><c>CreateSecret</c>: once per name, and again without effect with the same token and value.</summary>
internal sealed class SecretCreation(SecretDocuments documents, SecretVault vault, IIdGenerator ids, TimeProvider timeProvider)
{
    private const string ValidationCode = "ValidationException";

    public async Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken)
    {
        var input = call.Input;
        SecretReplication.RefuseReplicas(input.Objects("AddReplicaRegions"), call.Region);
        var name = input.RequiredText("Name");
        if (!SecretName.IsValid(name))
        {
            throw new ApiException(ValidationCode, "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");
        }

        var tags = SecretTags.Read(input);
        var value = SecretValue.Read(input);
        var token = SecretToken.Of(call);
        var now = timeProvider.GetUtcNow();
        var fresh = new SecretRecord
        {
            Scope = call.Scope(),
            Id = ids.NewId(),
            Name = name,
            Suffix = RandomNumberGenerator.GetString(SecretArn.SuffixAlphabet, SecretArn.SuffixLength),
            CreatedAt = now,
            ChangedAt = now,
            Description = input.Text("Description"),
            KmsKeyId = input.Text("KmsKeyId"),
            Type = input.Text("Type"),
            Tags = tags,
        };
        using var sealing = vault.BeginSealing();
        var sealedValue = value is null ? null : SecretVault.Seal(sealing, fresh, token, value);
        var created = sealedValue is null ? new SecretChange(fresh, []) : SecretChange.AddVersion(fresh, token, [SecretStages.Current], sealedValue, now);
        return await SecretWrites.Commit(
            documents.Store,
            async cancel =>
            {
                var before = await documents.FindByName(fresh.Scope, name, cancel);
                if (before is not null && !before.Record.IsPurged(now))
                {
                    return new Proposal<JsonObject>([], await Existing(before.Record, token, value, cancel));
                }

                return new Proposal<JsonObject>(
                    [.. before is null ? [] : SecretDocuments.Delete(before), SecretDocuments.Write(created.Secret, 0), .. created.ValueWrites],
                    SecretAnswers.Version(fresh, sealedValue?.VersionId));
            },
            cancellationToken);
    }

    private async Task<JsonObject> Existing(SecretRecord secret, string token, SecretValue? value, CancellationToken cancellationToken)
    {
        if (secret.IsDeleted)
        {
            throw SecretErrors.InvalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");
        }

        if (value is null || secret.FindVersion(token) is null || await vault.Read(secret, token, cancellationToken) is not { } stored || !stored.Equals(value))
        {
            throw SecretErrors.Exists($"The operation failed because the secret {secret.Name} already exists.");
        }

        return SecretAnswers.Version(secret, token);
    }
}
