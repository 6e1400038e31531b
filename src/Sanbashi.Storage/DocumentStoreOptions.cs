namespace Sanbashi.Storage;

/// <summary>Bounds of a store.</summary>
public sealed record DocumentStoreOptions
{
    /// <summary>The bounds that are used when none are given.</summary>
    public static DocumentStoreOptions Default { get; } = new();

    /// <summary>How many of the newest changes <see cref="IDocumentStore.Watch"/> can still tell. A tenth more may be kept, so that trimming is rare. Default: 100,000.</summary>
    public int KeptChanges { get; init; } = 100_000;

    internal bool ShouldTrim(long sequence, long trimmedSequence) => sequence - trimmedSequence > KeptChanges + (KeptChanges / 10);
}
