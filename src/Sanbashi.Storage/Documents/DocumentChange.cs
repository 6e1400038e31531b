namespace Sanbashi.Storage;

/// <summary>One write that was committed. Every write has a sequence of its own, without gaps.</summary>
public sealed record DocumentChange(long Sequence, DocumentKey Key, bool Deleted);
