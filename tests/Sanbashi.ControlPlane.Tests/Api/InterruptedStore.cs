using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>A store in which something else can happen just before a commit, once: the moment in which calls overtake each other.</summary>
internal sealed class InterruptedStore(IDocumentStore store) : IDocumentStore
{
    private Func<Task>? _beforeCommit;

    public string Name => store.Name;

    public void BeforeNextCommit(Func<Task> action) => _beforeCommit = action;

    public async Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _beforeCommit, null) is { } action)
        {
            await action();
        }

        return await store.Commit(writes, cancellationToken);
    }

    public Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken) => store.AcquireLease(owner, onWaiting, cancellationToken);

    public Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) => store.Get(key, cancellationToken);

    public Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) => store.Query(query, cancellationToken);

    public Task<long> CurrentSequence(CancellationToken cancellationToken) => store.CurrentSequence(cancellationToken);

    public IAsyncEnumerable<DocumentChange> Watch(long afterSequence, CancellationToken cancellationToken) => store.Watch(afterSequence, cancellationToken);

    public Task Backup(string path, CancellationToken cancellationToken) => store.Backup(path, cancellationToken);

    public Task Restore(string path, CancellationToken cancellationToken) => store.Restore(path, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
