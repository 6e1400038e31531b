namespace Sanbashi.Storage;

/// <summary>The feed cannot tell all changes after the sequence that was asked for. Read the documents anew and watch from <see cref="IDocumentStore.CurrentSequence"/> taken before that.</summary>
public sealed class ChangeFeedGapException(string storeName, long afterSequence, long keptAfterSequence, long currentSequence)
    : Exception($"Cannot tell the changes of {storeName} after {afterSequence}: it keeps those after {keptAfterSequence} up to {currentSequence}. Read the documents anew, then watch from the current sequence.")
{
    /// <summary>The first sequence that is kept, less one.</summary>
    public long KeptAfterSequence { get; } = keptAfterSequence;

    public long CurrentSequence { get; } = currentSequence;

    internal static void ThrowIfGap(string storeName, long afterSequence, long keptAfterSequence, long currentSequence)
    {
        if (afterSequence < keptAfterSequence || afterSequence > currentSequence)
        {
            throw new ChangeFeedGapException(storeName, afterSequence, keptAfterSequence, currentSequence);
        }
    }
}
