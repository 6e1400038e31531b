namespace Sanbashi.Domain.Deployments;

/// <summary>What a secret variable referred to when its revision was deployed; the value itself is nowhere.</summary>
/// <param name="Reference">As it was given.</param>
/// <param name="Arn">The secret.</param>
/// <param name="VersionId">The version that every instance of the revision gets.</param>
/// <param name="JsonKey">The member of its JSON; null for the whole value.</param>
public sealed record PinnedSecret(string Reference, string Arn, string VersionId, string? JsonKey);
