namespace Sanbashi.Domain.Secrets;

/// <summary>How many versions a secret keeps.</summary>
public static class SecretVersions
{
    /// <summary>Deprecated versions beyond this number go, the oldest first, as in AWS.</summary>
    public const int Kept = 100;

    /// <summary>Versions at most: those of the last day are kept whatever their number, and what has labels always.</summary>
    public const int Max = 500;

    /// <summary>A deprecated version may still be in somebody's hands for so long.</summary>
    public static readonly TimeSpan KeptAtLeast = TimeSpan.FromDays(1);

    /// <summary>The deprecated versions that may go now.</summary>
    public static IReadOnlyList<SecretVersion> Superfluous(IReadOnlyList<SecretVersion> versions, DateTimeOffset now) =>
    [
        .. versions
            .Where(version => version.IsDeprecated && now - version.CreatedAt > KeptAtLeast)
            .OrderBy(version => version.CreatedAt)
            .Take(Math.Max(0, versions.Count - Kept)),
    ];
}
