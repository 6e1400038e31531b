using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

/// <summary>A store that answers no more from a chosen commit on, as if the process had been killed just before it, or just after it was written.</summary>
internal sealed class CrashingStore(IDocumentStore inner, int commit, bool isWritten) : IDocumentStore
{
    private int _commits;

    public bool HasCrashed => _commits >= commit;

    public string Name => inner.Name;

    public Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken) => inner.AcquireLease(owner, onWaiting, cancellationToken);

    public Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) => Alive(() => inner.Get(key, cancellationToken));

    public Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) => Alive(() => inner.Query(query, cancellationToken));

    public async Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        if (++_commits == commit && isWritten)
        {
            await inner.Commit(writes, cancellationToken);
        }

        return _commits >= commit ? throw Dead() : await inner.Commit(writes, cancellationToken);
    }

    public IAsyncEnumerable<DocumentChange> Watch(long afterSequence, CancellationToken cancellationToken) => inner.Watch(afterSequence, cancellationToken);

    public Task<long> CurrentSequence(CancellationToken cancellationToken) => inner.CurrentSequence(cancellationToken);

    public Task Backup(string path, CancellationToken cancellationToken) => inner.Backup(path, cancellationToken);

    public Task Restore(string path, CancellationToken cancellationToken) => inner.Restore(path, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> Alive<T>(Func<Task<T>> read) => HasCrashed ? throw Dead() : read();

    private static StoreException Dead() => new("the process is gone");
}
