using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>Tells a <see cref="KillPoint"/> of every commit, before anybody else hears of it.</summary>
internal sealed class KillingStore(IDocumentStore inner, KillPoint killPoint) : IDocumentStore
{
    public string Name => inner.Name;

    public Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken) =>
        inner.AcquireLease(owner, onWaiting, cancellationToken);

    public Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) => inner.Get(key, cancellationToken);

    public Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) => inner.Query(query, cancellationToken);

    public async Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        var result = await inner.Commit(writes, cancellationToken);
        if (result == CommitResult.Committed)
        {
            killPoint.Passed("store", $"commit of {string.Join(", ", writes.Select(write => write.Key.Kind))}");
        }

        return result;
    }

    public IAsyncEnumerable<DocumentChange> Watch(long afterSequence, CancellationToken cancellationToken) => inner.Watch(afterSequence, cancellationToken);

    public Task<long> CurrentSequence(CancellationToken cancellationToken) => inner.CurrentSequence(cancellationToken);

    public Task Backup(string path, CancellationToken cancellationToken) => inner.Backup(path, cancellationToken);

    public Task Restore(string path, CancellationToken cancellationToken) => inner.Restore(path, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
