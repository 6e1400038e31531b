using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>The store as one process uses it: each call is a way there and a way back, and the process may be killed on either.</summary>
internal sealed class SimulatedStore(World world, SimulatedProcess process, InMemoryDocumentStore inner) : IDocumentStore
{
    public string Name => inner.Name;

    public Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken) =>
        inner.AcquireLease(owner, onWaiting, cancellationToken);

    public Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) => Call(() => inner.Get(key, cancellationToken));

    public Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) => Call(() => inner.Query(query, cancellationToken));

    public Task<long> CurrentSequence(CancellationToken cancellationToken) => Call(() => inner.CurrentSequence(cancellationToken));

    public async Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource<CommitResult>();
        world.Send(process, world.Skewed(0.05, 20), () =>
        {
            var result = inner.Commit(writes, CancellationToken.None);
            if (result is { IsCompletedSuccessfully: true, Result: CommitResult.Committed })
            {
                world.Invariants.OnCommit(process, writes);
            }

            // Written, and the process may still be killed before it hears of it.
            process.Post(() => written.SetFromTask(result));
        });
        return await written.Task;
    }

    public IAsyncEnumerable<DocumentChange> Watch(long afterSequence, CancellationToken cancellationToken) => inner.Watch(afterSequence, cancellationToken);

    public Task Backup(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Restore(string path, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task<T> Call<T>(Func<Task<T>> call)
    {
        var answer = new TaskCompletionSource<T>();
        process.Post(() => answer.SetFromTask(call()));
        return await answer.Task;
    }
}
