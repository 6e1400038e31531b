using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sanbashi.Storage;

/// <summary>
/// Documents in one SQLite file. One connection writes, in groups, and each transaction is on disk before its commits complete; a few others read.
/// The lease is a lock on the file <c>NAME.lock</c> beside it.
/// </summary>
public sealed class SqliteDocumentStore : IDocumentStore
{
    /// <summary>SQLite does not call when another process commits. Only a store without the lease has to look; the leader makes all changes itself.</summary>
    private static readonly TimeSpan LookForChangesEvery = TimeSpan.FromMilliseconds(250);

    private const int ChangesPerRead = 256;

    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly DocumentStoreOptions _options;
    private readonly ILogger _logger;
    private readonly SqliteReaders _readers;
    private readonly CommitQueue _commits;
    private readonly ChangeSignal _changed = new();
    private readonly SemaphoreSlim _acquiring = new(1);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _closed = new();
    private int _schemaVersion;
    private SqliteSession? _writer;
    private LeaseFile? _leaseFile;
    private StoreLease? _lease;

    private SqliteDocumentStore(string path, int schemaVersion, TimeProvider timeProvider, DocumentStoreOptions options, ILogger logger)
    {
        _path = path;
        _schemaVersion = schemaVersion;
        _timeProvider = timeProvider;
        _options = options;
        _logger = logger;
        _readers = new SqliteReaders(path);
        _commits = new CommitQueue(WriteExclusively);
    }

    public string Name => _path;

    /// <summary>Opens the file, or makes it (readable by its owner only) with its folder.</summary>
    /// <exception cref="StoreException">It cannot be opened, is none of ours, or is of a newer version.</exception>
    public static SqliteDocumentStore Open(string path, TimeProvider timeProvider, DocumentStoreOptions? options = null, ILogger<SqliteDocumentStore>? logger = null)
    {
        var full = Path.GetFullPath(path);
        MakeFile(full);
        try
        {
            using var session = SqliteSession.Open(full, readOnly: false);
            var version = SqliteSchema.VersionOf(session, full);
            if (version == 0)
            {
                SqliteSchema.Migrate(session, full);
                version = SqliteSchema.Newest;
            }

            return new SqliteDocumentStore(full, version, timeProvider, options ?? DocumentStoreOptions.Default, logger ?? NullLogger<SqliteDocumentStore>.Instance);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, "open the store", full);
        }
    }

    public async Task<IStoreLease> AcquireLease(string owner, Action<string> onWaiting, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (_lease is { IsHeld: true } || !await _acquiring.WaitAsync(0, CancellationToken.None))
        {
            throw new InvalidOperationException($"Cannot acquire the lease of {Name} for {owner}: this store already holds it or waits for it.");
        }

        try
        {
            var file = await LeaseFile.Acquire($"{_path}.lock", owner, onWaiting, cancellationToken);
            return await BecomeLeader(file, owner);
        }
        finally
        {
            _acquiring.Release();
        }
    }

    public Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) => Read(d => d.Find(key), cancellationToken);

    public Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) => Read(d => d.Query(query), cancellationToken);

    public Task<long> CurrentSequence(CancellationToken cancellationToken) => Read(d => d.State().Sequence, cancellationToken);

    public Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WriteRules.Check(writes);
        return _commits.Commit(new PendingCommit(writes, HeldLease()), cancellationToken);
    }

    public async IAsyncEnumerable<DocumentChange> Watch(long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = afterSequence == 0 ? (await Read(d => d.State(), cancellationToken)).TrimmedSequence : afterSequence;
        while (true)
        {
            var next = _changed.Next;
            var (changes, state) = await Read(d => (d.ChangesAfter(last, ChangesPerRead), d.State()), cancellationToken);

            // State is read after the changes, so a trim in between shows as a gap, never as missing changes.
            ChangeFeedGapException.ThrowIfGap(Name, last, state.TrimmedSequence, state.Sequence);
            foreach (var change in changes)
            {
                yield return change;
                last = change.Sequence;
            }

            if (changes.Count == 0)
            {
                await WaitForChange(next, cancellationToken);
            }
        }
    }

    public async Task Backup(string path, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        SchemaVersions.ThrowIfOlder(Name, _schemaVersion, SqliteSchema.Newest);
        try
        {
            using var session = SqliteSession.Open(_path, readOnly: true);
            session.Execute("BEGIN");
            var documents = new SqliteDocuments(session);
            var manifest = new BackupManifest(
                DocumentBackup.Format, DocumentBackup.FormatVersion, _timeProvider.GetUtcNow(), Name, documents.State().Sequence, documents.Count());
            await DocumentBackup.Write(path, manifest, documents.All().ToAsyncEnumerable(), cancellationToken);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, "back up the store", _path);
        }
    }

    public async Task Restore(string path, CancellationToken cancellationToken)
    {
        var lease = HeldLease();
        await DocumentBackup.Verify(path, cancellationToken);
        await using var backup = await BackupReader.Open(path, cancellationToken);
        await Exclusively(() =>
        {
            WriteAsLeader(lease, (rows, state) =>
            {
                BackupReader.ThrowIfNotEmpty(Name, rows.Count());
                foreach (var document in backup.Documents(cancellationToken).ToBlockingEnumerable(cancellationToken))
                {
                    rows.Put(document);
                }

                var sequence = Math.Max(state.Sequence, backup.Manifest.Sequence);
                rows.ForgetChanges();
                rows.SetSequence(sequence, sequence);
                return true;
            });
            return Task.CompletedTask;
        });
        _changed.Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        if (_lease is { } lease)
        {
            await lease.DisposeAsync();
        }

        await _closed.CancelAsync();
        _changed.Pulse();
        _readers.Dispose();
        await Exclusively(() =>
        {
            CloseWriter();
            return Task.CompletedTask;
        });
    }

    private static void MakeFile(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.MakeIfMissing(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"Cannot open the store {path}: {e.Message} Name a file in a folder that this user may write.", e);
        }
    }

    private async Task<StoreLease> BecomeLeader(LeaseFile file, string owner)
    {
        StoreLease? lease = null;
        try
        {
            await Exclusively(() =>
            {
                CloseWriter();
                _writer = SqliteSession.Open(_path, readOnly: false);
                var before = SqliteSchema.Migrate(_writer, _path);
                if (before < SqliteSchema.Newest)
                {
                    _logger.SchemaMigrated(Name, before, SqliteSchema.Newest);
                }

                _schemaVersion = SqliteSchema.Newest;
                lease = new StoreLease(Name, owner, new SqliteDocuments(_writer).RaiseFencingNumber(), GiveBack);
                _leaseFile = file;
                _lease = lease;
                return Task.CompletedTask;
            });
        }
        catch (SqliteException e)
        {
            file.Dispose();
            throw SqliteErrors.Translate(e, "become the writer of", _path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _logger.LeaseAcquired(Name, owner, lease!.FencingNumber);
        return lease;
    }

    /// <summary>After the transaction that is being written, if any.</summary>
    private async ValueTask GiveBack(StoreLease lease)
    {
        await Exclusively(() =>
        {
            if (_lease == lease)
            {
                _leaseFile?.Dispose();
                _leaseFile = null;
            }

            return Task.CompletedTask;
        });
        _changed.Pulse();
    }

    private async Task WriteExclusively(IReadOnlyList<PendingCommit> commits) => await Exclusively(() =>
    {
        // Commits of an earlier lease of this store may still be in the queue.
        foreach (var group in commits.GroupBy(c => c.Lease))
        {
            WriteGroup([.. group], group.Key);
        }

        return Task.CompletedTask;
    });

    private void WriteGroup(List<PendingCommit> commits, StoreLease lease)
    {
        var results = new CommitResult[commits.Count];
        var hasChanged = false;
        WriteAsLeader(lease, (rows, state) =>
        {
            var batch = new CommitBatch(rows, state.Sequence);
            for (var i = 0; i < commits.Count; i++)
            {
                results[i] = batch.Add(commits[i].Writes);
            }

            if (batch.Applied.Count > 0)
            {
                rows.Apply(batch, state, _options);
                hasChanged = true;
            }

            return hasChanged;
        });
        for (var i = 0; i < commits.Count; i++)
        {
            commits[i].Complete(results[i]);
        }

        if (hasChanged)
        {
            _changed.Pulse();
        }
    }

    private void WriteAsLeader(StoreLease lease, Func<SqliteDocuments, StoreState, bool> write)
    {
        if (!lease.IsHeld || lease != _lease || _writer is null)
        {
            throw lease.Fenced();
        }

        try
        {
            _writer.Write(() =>
            {
                var rows = new SqliteDocuments(_writer);
                var state = rows.State();
                if (state.FencingNumber != lease.FencingNumber)
                {
                    Lose(lease, state.FencingNumber);
                    throw lease.Fenced();
                }

                return write(rows, state);
            });
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, "write to the store", _path);
        }
    }

    // The lock cannot be taken from a living process, except by removing its file.
    private void Lose(StoreLease lease, long newer)
    {
        if (lease.Lose(inline: false))
        {
            _logger.LeaseLost(Name, lease.Owner, lease.FencingNumber, $"there is a writer with number {newer}; was {_path}.lock removed?");
            _leaseFile?.Dispose();
            _leaseFile = null;
            _changed.Pulse();
        }
    }

    private StoreLease HeldLease()
    {
        ThrowIfClosed();
        return _lease is { IsHeld: true } held ? held : throw StoreLease.Missing(Name, _lease);
    }

    private async Task Exclusively(Func<Task> work)
    {
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await work();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<T> Read<T>(Func<SqliteDocuments, T> read, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        SchemaVersions.ThrowIfOlder(Name, _schemaVersion, SqliteSchema.Newest);
        return await _readers.Read(read, cancellationToken);
    }

    private async Task WaitForChange(Task next, CancellationToken cancellationToken)
    {
        if (_lease is { IsHeld: true })
        {
            await next.WaitAsync(cancellationToken);
            return;
        }

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(LookForChangesEvery, _timeProvider, done.Token));
        await done.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
}
