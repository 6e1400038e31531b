using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>A secret with one more version, and what has to be written with it.</summary>
internal sealed record SecretChange(SecretRecord Secret, IReadOnlyList<DocumentWrite> ValueWrites)
{
    /// <param name="value">Null: the version waits for its value.</param>
    public static SecretChange AddVersion(SecretRecord secret, string versionId, IReadOnlyList<string> stages, SecretValueRecord? value, DateTimeOffset now)
    {
        if (stages.Count > SecretStages.MaxPerVersion)
        {
            throw SecretErrors.LimitExceeded($"A version can't have more than {SecretStages.MaxPerVersion} staging labels.");
        }

        var superfluous = SecretVersions.Superfluous(secret.Versions, now);
        var kept = secret.Versions.Except(superfluous).Where(version => version.Id != versionId).ToList();
        if (kept.Count >= SecretVersions.Max)
        {
            throw SecretErrors.LimitExceeded(
                $"The secret {secret.Name} has {kept.Count} versions, the most there can be. Versions without staging labels go a day after they were made; write less often.");
        }

        var version = secret.FindVersion(versionId) ?? new SecretVersion { Id = versionId, CreatedAt = now };
        var changed = secret with { Versions = SecretStages.Attach([.. kept, version], versionId, stages), ChangedAt = now };
        return new SecretChange(
            changed,
            [
                .. superfluous.Select(old => SecretDocuments.DeleteValue(secret, old.Id)),
                .. value is null ? Array.Empty<DocumentWrite>() : [SecretDocuments.Write(value, 0)],
            ]);
    }
}
