namespace Sanbashi.Storage;

/// <param name="ExpectedVersion">0: must not exist yet; null: whatever is there.</param>
/// <param name="Body">Null deletes; deleting what is not there is no change.</param>
/// <param name="Name">Replaces the name that was there, as <paramref name="Parent"/> replaces the parent.</param>
public sealed record DocumentWrite(DocumentKey Key, long? ExpectedVersion, string? Body, string? Name = null, string? Parent = null)
{
    /// <summary>When set, the commit conflicts if another live document of this kind and scope has the same <see cref="Name"/>.</summary>
    public bool UniqueName { get; init; }
}
