using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Secrets;

/// <summary>The sealed value of one version.</summary>
public sealed record SecretValueRecord
{
    public required ResourceScope Scope { get; init; }

    public required string SecretId { get; init; }

    public required string VersionId { get; init; }

    /// <summary>Whether it was given as <c>SecretBinary</c>.</summary>
    public bool IsBinary { get; init; }

    public required SealedValue Sealed { get; init; }
}
