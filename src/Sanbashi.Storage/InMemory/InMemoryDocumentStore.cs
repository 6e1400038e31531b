using System.Runtime.CompilerServices;

namespace Sanbashi.Storage;

/// <summary>
/// A store in memory with the same promises as the others, except that nothing outlives the process; for simulations and tests. Every call completes
/// before it returns, and whoever waits (for changes, for the lease) goes on inside the call that ended the wait: no thread, no clock, always one order.
/// </summary>
public sealed class InMemoryDocumentStore : IDocumentStore
{
    private readonly InMemoryDatabase _database;
    private readonly CancellationTokenSource _closed = new();
    private StoreLease? _lease;

    public InMemoryDocumentStore(DocumentStoreOptions? options = null)
        : this(new InMemoryDatabase(options ?? DocumentStoreOptions.Default))
    {
    }

    private InMemoryDocumentStore(InMemoryDatabase database)
    {
        _database = database;
    }

    public string Name => "the store in memory";

    /// <summary>Opens the same documents again, as another process would.</summary>
    public InMemoryDocumentStore OpenAnother() => new(_database);

    /// <summary>Ends this store as SIGKILL ends a process: the lease goes to the next that waits, every later call on this store fails, committed documents stay.</summary>
    public void Kill()
    {
        LoseLease();
        _closed.Cancel();
        _database.Changed.Pulse();
    }

    /// <summary>Takes the lease from this store, as a broken connection to the database would. The store may acquire it again.</summary>
    public void LoseLease()
    {
        var lease = _lease;
        if (lease is not null && lease.Lose(inline: true))
        {
            PassOn(lease);
        }
    }

    public Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<InMemoryWaiter> node;
        string holder;
        lock (_database.Gate)
        {
            if (_lease is { IsHeld: true } || _database.Waiters.Any(w => w.Store == this))
            {
                throw new InvalidOperationException($"Cannot acquire the lease of {Name} for {owner}: this store already holds it or waits for it.");
            }

            if (_database.Holder is null)
            {
                return Task.FromResult<IStoreLease>(Grant(owner));
            }

            holder = _database.Holder.Owner;
            node = _database.Waiters.AddLast(new InMemoryWaiter(this, owner, new TaskCompletionSource<IStoreLease>()));
        }

        onWaiting(holder);
        return Wait(node, cancellationToken);
    }

    public Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) => Read(() => _database.Find(key), cancellationToken);

    public Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) => Read(() => _database.Query(query), cancellationToken);

    public Task<long> CurrentSequence(CancellationToken cancellationToken) => Read(() => _database.Sequence, cancellationToken);

    public Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WriteRules.Check(writes);
        lock (_database.Gate)
        {
            ThrowIfNotLeader();
            var batch = new CommitBatch(_database, _database.Sequence);
            if (batch.Add(writes) == CommitResult.Conflict)
            {
                return Task.FromResult(CommitResult.Conflict);
            }

            _database.Apply(batch);
        }

        _database.Changed.Pulse();
        return Task.FromResult(CommitResult.Committed);
    }

    public async IAsyncEnumerable<DocumentChange> Watch(long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = afterSequence == 0 ? await Read(() => _database.TrimmedSequence, cancellationToken) : afterSequence;
        while (true)
        {
            ThrowIfClosed();
            cancellationToken.ThrowIfCancellationRequested();
            var next = _database.Changed.Next;
            IReadOnlyList<DocumentChange> changes;
            lock (_database.Gate)
            {
                ChangeFeedGapException.ThrowIfGap(Name, last, _database.TrimmedSequence, _database.Sequence);
                changes = _database.ChangesAfter(last);
            }

            foreach (var change in changes)
            {
                yield return change;
                last = change.Sequence;
            }

            if (changes.Count == 0)
            {
                await next.WaitAsync(cancellationToken);
            }
        }
    }

    public async Task Backup(string path, CancellationToken cancellationToken)
    {
        var (documents, sequence) = await Read(() => (_database.All(), _database.Sequence), cancellationToken);
        var manifest = new BackupManifest(DocumentBackup.Format, DocumentBackup.FormatVersion, null, Name, sequence, documents.Count);
        await DocumentBackup.Write(path, manifest, documents.ToAsyncEnumerable(), cancellationToken);
    }

    public async Task Restore(string path, CancellationToken cancellationToken)
    {
        ThrowIfNotLeader();
        await using var backup = await BackupReader.Open(path, cancellationToken);
        var documents = await backup.Documents(cancellationToken).ToListAsync(cancellationToken);
        lock (_database.Gate)
        {
            ThrowIfNotLeader();
            BackupReader.ThrowIfNotEmpty(Name, _database.Count);
            _database.Load(documents, backup.Manifest.Sequence);
        }

        _database.Changed.Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        if (_lease is { } lease)
        {
            await lease.DisposeAsync();
        }

        await _closed.CancelAsync();
        _database.Changed.Pulse();
    }

    private async Task<IStoreLease> Wait(LinkedListNode<InMemoryWaiter> node, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        await using var registration = either.Token.Register(() =>
        {
            lock (_database.Gate)
            {
                if (node.List is null)
                {
                    return;
                }

                _database.Waiters.Remove(node);
            }

            node.Value.Granted.TrySetCanceled(either.Token);
        });
        return await node.Value.Granted.Task;
    }

    private StoreLease Grant(string owner)
    {
        _database.FencingNumber++;
        _lease = new StoreLease(Name, owner, _database.FencingNumber, given =>
        {
            PassOn(given);
            return ValueTask.CompletedTask;
        });
        _database.Holder = _lease;
        return _lease;
    }

    private void PassOn(StoreLease lease)
    {
        StoreLease granted;
        InMemoryWaiter waiter;
        lock (_database.Gate)
        {
            if (_database.Holder != lease)
            {
                return;
            }

            _database.Holder = null;
            if (_database.Waiters.First is not { } first)
            {
                return;
            }

            _database.Waiters.RemoveFirst();
            waiter = first.Value;
            granted = waiter.Store.Grant(waiter.Owner);
        }

        waiter.Granted.SetResult(granted);
    }

    private Task<T> Read<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        lock (_database.Gate)
        {
            return Task.FromResult(read());
        }
    }

    private void ThrowIfNotLeader()
    {
        ThrowIfClosed();
        if (_lease is not { IsHeld: true } || _database.Holder != _lease)
        {
            throw StoreLease.Missing(Name, _lease);
        }
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
}
