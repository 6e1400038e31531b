namespace Sanbashi.Storage;

/// <summary>The store's one row about itself.</summary>
/// <param name="FencingNumber">Of the newest leader.</param>
/// <param name="Sequence">Of the newest change.</param>
/// <param name="TrimmedSequence">Changes up to this one are no longer kept.</param>
internal sealed record StoreState(long FencingNumber, long Sequence, long TrimmedSequence);
