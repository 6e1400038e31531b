namespace Sanbashi.Storage;

/// <summary>What a backup says about itself, in its first line.</summary>
/// <param name="Format">Always <c>sanbashi-backup</c>.</param>
/// <param name="Version">Of the backup's format; grows when older readers can no longer read it.</param>
/// <param name="Created">Null from a store without a clock.</param>
/// <param name="Source">The name of the store it was taken from.</param>
/// <param name="Sequence">The newest change in it; a restored store goes on from there.</param>
/// <param name="Documents">How many it holds.</param>
public sealed record BackupManifest(string Format, int Version, DateTimeOffset? Created, string Source, long Sequence, long Documents);
