namespace Sanbashi.Storage;

public enum CommitResult
{
    /// <summary>Everything is written and on disk.</summary>
    Committed,

    /// <summary>A version or a unique name did not fit; nothing is written.</summary>
    Conflict,
}
