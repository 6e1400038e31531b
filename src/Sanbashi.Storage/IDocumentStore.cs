using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>
/// Documents with optimistic versions, written in transactions, and a feed of changes.
/// A committed write is on disk. Only the leader may write; every commit carries its fencing number.
/// </summary>
public interface IDocumentStore : IAsyncDisposable
{
    /// <summary>What people recognise the store by, without secrets (a file name, a host and database).</summary>
    string Name { get; }

    /// <summary>Waits until this process is the store's only writer; <paramref name="onWaiting"/> is told who holds it. Completes with the lease, which is lost when the holder dies.</summary>
    Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken);

    Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken);

    /// <summary>All matching documents, ordered by creation sequence (oldest first), or newest first on request.</summary>
    Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken);

    /// <summary>All writes or none. A version that does not fit is a <see cref="CommitResult.Conflict"/>; a lost lease throws <see cref="LeaseLostException"/>; a full disk throws <see cref="StoreException"/> with what to do.</summary>
    Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken);

    /// <summary>Changes after <paramref name="afterSequence"/> (0 = from the start of what is kept), then live ones as they are committed, by this process or another.</summary>
    IAsyncEnumerable<DocumentChange> Watch(long afterSequence, CancellationToken cancellationToken);

    /// <summary>The newest change's sequence.</summary>
    Task<long> CurrentSequence(CancellationToken cancellationToken);

    /// <summary>A consistent copy of everything into one file, while in use.</summary>
    Task Backup(string path, CancellationToken cancellationToken);
}

public interface IStoreLease : IAsyncDisposable
{
    /// <summary>Grows with every new leader.</summary>
    long FencingNumber { get; }

    /// <summary>Cancelled when the lease is lost.</summary>
    CancellationToken Lost { get; }
}

/// <param name="Kind">What it is: <c>service</c>, <c>revision</c>, <c>operation</c>, <c>autoscaling</c>, ...</param>
/// <param name="Id">Unique within kind and scope.</param>
public sealed record DocumentKey(string Kind, ResourceScope Scope, string Id);

/// <param name="Name">A second key that queries may use (not unique by itself).</param>
/// <param name="Parent">The id of what it belongs to, for queries.</param>
/// <param name="Version">Grows by one with every write, starting at 1.</param>
/// <param name="CreatedSequence">Creation order over the whole store.</param>
/// <param name="Body">JSON.</param>
public sealed record Document(DocumentKey Key, string? Name, string? Parent, long Version, long CreatedSequence, string Body);

public sealed record DocumentQuery(string Kind)
{
    /// <summary>Null: over all scopes.</summary>
    public ResourceScope? Scope { get; init; }

    public string? Name { get; init; }

    public string? Parent { get; init; }

    public bool NewestFirst { get; init; }

    /// <summary>Only documents created after this sequence (before it, when newest first); for paging.</summary>
    public long? AfterCreated { get; init; }

    public int? Limit { get; init; }
}

/// <param name="ExpectedVersion">0: must not exist yet; null: whatever is there.</param>
/// <param name="Body">Null deletes.</param>
public sealed record DocumentWrite(DocumentKey Key, long? ExpectedVersion, string? Body, string? Name = null, string? Parent = null)
{
    /// <summary>When set, the commit conflicts if another live document of this kind and scope has the same <see cref="Name"/>.</summary>
    public bool UniqueName { get; init; }
}

public enum CommitResult
{
    Committed,
    Conflict,
}

public sealed record DocumentChange(long Sequence, DocumentKey Key, bool Deleted);

public sealed class LeaseLostException(string message) : Exception(message);

public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
