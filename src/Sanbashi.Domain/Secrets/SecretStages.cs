namespace Sanbashi.Domain.Secrets;

/// <summary>
/// How staging labels move between the versions of a secret. A label is on one version at most; whatever loses <see cref="Current"/> to another version
/// becomes <see cref="Previous"/>.
/// </summary>
public static class SecretStages
{
    public const string Current = "AWSCURRENT";
    public const string Pending = "AWSPENDING";
    public const string Previous = "AWSPREVIOUS";

    /// <summary>Labels on one version, as in AWS.</summary>
    public const int MaxPerVersion = 20;

    /// <summary>Gives labels to a version, taking them from where they are.</summary>
    public static IReadOnlyList<SecretVersion> Attach(IReadOnlyList<SecretVersion> versions, string versionId, IReadOnlyCollection<string> stages)
    {
        var replaced = stages.Contains(Current, StringComparer.Ordinal)
            ? versions.FirstOrDefault(version => version.Id != versionId && version.Stages.Contains(Current, StringComparer.Ordinal))?.Id
            : null;
        return
        [
            .. versions.Select(version => version with
            {
                Stages =
                [
                    .. version.Stages
                        .Where(stage => version.Id == versionId || !stages.Contains(stage, StringComparer.Ordinal))
                        .Where(stage => replaced is null || stage != Previous),
                    .. version.Id == versionId ? stages.Where(stage => !version.Stages.Contains(stage, StringComparer.Ordinal)) : [],
                    .. version.Id == replaced ? [Previous] : Array.Empty<string>(),
                ],
            }),
        ];
    }

    /// <summary>Takes a label away from the version that has it.</summary>
    public static IReadOnlyList<SecretVersion> Detach(IReadOnlyList<SecretVersion> versions, string stage) =>
        [.. versions.Select(version => version with { Stages = [.. version.Stages.Where(other => other != stage)] })];
}
