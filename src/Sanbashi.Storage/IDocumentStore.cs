namespace Sanbashi.Storage;

/// <summary>
/// Documents with optimistic versions, written in transactions, and a feed of changes.
/// A committed write is on disk. Only the leader may write; every commit carries its fencing number.
/// </summary>
public interface IDocumentStore : IAsyncDisposable
{
    /// <summary>What people recognise the store by, without secrets (a file name, a host and database).</summary>
    string Name { get; }

    /// <summary>
    /// Waits until this process is the store's only writer; <paramref name="onWaiting"/> is told who holds it. Completes with the lease, which is lost
    /// when the holder dies. A store that lost its lease may acquire a new one.
    /// </summary>
    /// <exception cref="InvalidOperationException">This store already holds the lease, or waits for it.</exception>
    Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken);

    Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken);

    /// <summary>All matching documents, ordered by creation sequence (oldest first), or newest first on request.</summary>
    Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// All writes or none, each seeing those before it in the list. A version that does not fit is a <see cref="CommitResult.Conflict"/>;
    /// a full disk throws <see cref="StoreException"/> with what to do.
    /// </summary>
    /// <exception cref="InvalidOperationException">This store never acquired the lease.</exception>
    /// <exception cref="LeaseLostException">The lease is lost or disposed. Nothing was written, unless the message says that it is not known.</exception>
    /// <exception cref="ArgumentException">A key or a name that no store can hold.</exception>
    Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken);

    /// <summary>
    /// Changes after <paramref name="afterSequence"/> (0 = from the start of what is kept), then live ones as they are committed, by this process or another.
    /// At least the last <see cref="DocumentStoreOptions.KeptChanges"/> are kept.
    /// </summary>
    /// <exception cref="ChangeFeedGapException">Changes after <paramref name="afterSequence"/> are no longer kept, at the start or because the reader fell behind: read everything again.</exception>
    IAsyncEnumerable<DocumentChange> Watch(long afterSequence, CancellationToken cancellationToken);

    /// <summary>The newest change's sequence.</summary>
    Task<long> CurrentSequence(CancellationToken cancellationToken);

    /// <summary>A consistent copy of everything into one file, while in use. Every kind of store can restore it. An existing file is replaced once the copy is complete.</summary>
    Task Backup(string path, CancellationToken cancellationToken);

    /// <summary>Reads a backup of any kind of store into this one, which must be empty and must hold the lease. All or nothing.</summary>
    /// <exception cref="StoreException">The backup is damaged or of a newer format, or the store has documents; nothing was written.</exception>
    Task Restore(string path, CancellationToken cancellationToken);
}
