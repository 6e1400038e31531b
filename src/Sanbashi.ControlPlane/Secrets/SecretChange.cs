using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>A secret with one more version, and what has to be written with it.</summary>
internal sealed record SecretChange(SecretRecord Secret, IReadOnlyList<DocumentWrite> ValueWrites)
{
    /// <summary>A rotation begins with a version that waits for its value. One that has given up goes on where it was, with its own version.</summary>
    public static SecretChange BeginRotation(SecretRecord secret, string versionId, DateTimeOffset now)
    {
        if (secret.Run is { } failed && secret.FindVersion(failed.VersionId) is not null)
        {
            return new SecretChange(secret with { Run = failed with { Failures = 0, FailedAt = null } }, []);
        }

        var added = AddVersion(secret, versionId, [SecretStages.Pending], null, now);
        return added with { Secret = added.Secret with { Run = new RotationRun { VersionId = versionId, StartedAt = now } } };
    }

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
