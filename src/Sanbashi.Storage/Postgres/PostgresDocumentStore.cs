using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Sanbashi.Storage;

/// <summary>
/// Documents in a PostgreSQL database (12 or newer, encoding UTF8), in the tables <c>sanbashi_*</c> of the connection's schema. The lease is an advisory lock
/// of a session of its own, so connect directly or through a pooler that keeps sessions.
/// </summary>
public sealed class PostgresDocumentStore : IDocumentStore
{
    private const int ChangesPerRead = 256;

    private readonly NpgsqlDataSource _connections;
    private readonly NpgsqlDataSource _leaseConnections;
    private readonly PostgresSession _session;
    private readonly PostgresListener _listener;
    private readonly PostgresCommitter _committer;
    private readonly CommitQueue _commits;
    private readonly ChangeSignal _changed = new();
    private readonly SemaphoreSlim _acquiring = new(1);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _closed = new();
    private int _schemaVersion;
    private PostgresLeaseHolder? _holder;
    private StoreLease? _lease;

    private PostgresDocumentStore(NpgsqlConnectionStringBuilder settings, TimeProvider timeProvider, DocumentStoreOptions options, ILogger logger)
    {
        var name = PostgresUrl.Describe(settings);
        _connections = new NpgsqlDataSourceBuilder(settings.ToString()).Build();

        // Connections that wait: never shared, and kept alive so that a silent end of the other side is noticed.
        var waiting = new NpgsqlConnectionStringBuilder(settings.ToString()) { Pooling = false, KeepAlive = 10 };
        _leaseConnections = new NpgsqlDataSourceBuilder(waiting.ToString()).Build();
        _session = new PostgresSession(_connections, name, timeProvider, logger);
        _listener = new PostgresListener(_session, new NpgsqlDataSourceBuilder(waiting.ToString()).Build(), _changed);
        _committer = new PostgresCommitter(_session, options);
        _commits = new CommitQueue(commits => Exclusively(() => Write(commits)));
    }

    public string Name => _session.Name;

    /// <summary>Connects, and makes the tables if there are none.</summary>
    /// <exception cref="StoreException">The server cannot be reached or refuses, or the store is of a newer version.</exception>
    public static async Task<PostgresDocumentStore> Open(
        string url, TimeProvider timeProvider, DocumentStoreOptions? options, ILogger<PostgresDocumentStore>? logger, CancellationToken cancellationToken)
    {
        var store = new PostgresDocumentStore(
            PostgresUrl.Parse(url), timeProvider, options ?? DocumentStoreOptions.Default, logger ?? NullLogger<PostgresDocumentStore>.Instance);
        try
        {
            await store.Prepare(cancellationToken);
            return store;
        }
        catch (Exception e)
        {
            await store.DisposeAsync();
            if (PostgresErrors.IsOne(e))
            {
                throw PostgresErrors.Translate(e, "open the store", store.Name);
            }

            throw;
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
            await ReleaseHolder();
            var holder = await PostgresLeaseHolder.Acquire(_session, _leaseConnections, onWaiting, cancellationToken);
            return await BecomeLeader(holder, owner);
        }
        catch (Exception e) when (PostgresErrors.IsOne(e))
        {
            throw PostgresErrors.Translate(e, "acquire the lease of", Name);
        }
        finally
        {
            _acquiring.Release();
        }
    }

    public async Task<Document?> Get(DocumentKey key, CancellationToken cancellationToken) =>
        (await Read(PostgresDocuments.Find([key]), PostgresDocuments.ReadDocument, cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyList<Document>> Query(DocumentQuery query, CancellationToken cancellationToken) =>
        await Read(PostgresDocuments.Select(query), PostgresDocuments.ReadDocument, cancellationToken);

    public async Task<long> CurrentSequence(CancellationToken cancellationToken) => (await State(cancellationToken)).Sequence;

    public Task<CommitResult> Commit(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WriteRules.Check(writes);
        return _commits.Commit(new PendingCommit(writes, HeldLease()), cancellationToken);
    }

    public async IAsyncEnumerable<DocumentChange> Watch(long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        _listener.Start();
        var last = afterSequence == 0 ? (await State(cancellationToken)).TrimmedSequence : afterSequence;
        while (true)
        {
            var next = _changed.Next;
            var changes = await Read(PostgresDocuments.ChangesAfter(last, ChangesPerRead), PostgresDocuments.ReadChange, cancellationToken);

            // State is read after the changes, so a trim in between shows as a gap, never as missing changes.
            var state = await State(cancellationToken);
            ChangeFeedGapException.ThrowIfGap(Name, last, state.TrimmedSequence, state.Sequence);
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
        ThrowIfClosed();
        SchemaVersions.ThrowIfOlder(Name, _schemaVersion, PostgresSchema.Newest);
        try
        {
            await using var connection = await _session.Connect(cancellationToken);
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var command = new NpgsqlCommand("SELECT sequence, (SELECT count(*) FROM sanbashi_documents) FROM sanbashi_store", connection);
            long sequence, count;
            await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            {
                await rows.ReadAsync(cancellationToken);
                (sequence, count) = (rows.GetInt64(0), rows.GetInt64(1));
            }

            var manifest = new BackupManifest(DocumentBackup.Format, DocumentBackup.FormatVersion, _session.TimeProvider.GetUtcNow(), Name, sequence, count);
            await DocumentBackup.Write(path, manifest, PostgresDocuments.Stream(connection, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsOne(e))
        {
            throw PostgresErrors.Translate(e, "back up the store", Name);
        }
    }

    public async Task Restore(string path, CancellationToken cancellationToken)
    {
        var lease = HeldLease();
        await DocumentBackup.Verify(path, cancellationToken);
        await Exclusively(() => _committer.Restore(path, lease, newer => Lose(lease, $"there is a writer with number {newer}"), cancellationToken));
        _changed.Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed.IsCancellationRequested)
        {
            return;
        }

        await _closed.CancelAsync();
        if (_lease is { } lease)
        {
            await lease.DisposeAsync();
        }

        await ReleaseHolder();
        _changed.Pulse();
        await _listener.DisposeAsync();
        await _leaseConnections.DisposeAsync();
        await _connections.DisposeAsync();
    }

    private async Task Prepare(CancellationToken cancellationToken)
    {
        await using var connection = await _session.Connect(cancellationToken);
        await using (var show = new NpgsqlCommand("SHOW server_encoding", connection))
        {
            if (await show.ExecuteScalarAsync(cancellationToken) is not "UTF8" and var encoding)
            {
                throw new StoreException($"Cannot open the store {Name}: the database's encoding is {encoding}. Create one with UTF8 (createdb -E UTF8 -T template0).");
            }
        }

        _schemaVersion = await PostgresSchema.VersionOf(connection, Name, cancellationToken);
        if (_schemaVersion == 0)
        {
            await PostgresSchema.Migrate(connection, Name, cancellationToken);
            _schemaVersion = PostgresSchema.Newest;
        }
    }

    private async Task<StoreLease> BecomeLeader(PostgresLeaseHolder holder, string owner)
    {
        try
        {
            var before = await PostgresSchema.Migrate(holder.Connection, Name, CancellationToken.None);
            if (before < PostgresSchema.Newest)
            {
                _session.Logger.SchemaMigrated(Name, before, PostgresSchema.Newest);
            }

            _schemaVersion = PostgresSchema.Newest;
            await using var raise = new NpgsqlCommand("UPDATE sanbashi_store SET fencing = fencing + 1, owner = $1 RETURNING fencing", holder.Connection);
            raise.Parameters.Add(new NpgsqlParameter<string> { TypedValue = owner });
            var fencingNumber = (long)(await raise.ExecuteScalarAsync(CancellationToken.None))!;
            var lease = new StoreLease(Name, owner, fencingNumber, GiveBack);
            _lease = lease;
            _holder = holder;
            holder.Watch(reason => Lose(lease, reason));
            _session.Logger.LeaseAcquired(Name, owner, fencingNumber);
            return lease;
        }
        catch
        {
            await holder.DisposeAsync();
            throw;
        }
    }

    /// <summary>After the transaction that is being written, if any.</summary>
    private async ValueTask GiveBack(StoreLease lease) => await Exclusively(() => _lease == lease ? ReleaseHolder() : Task.CompletedTask);

    private async Task ReleaseHolder()
    {
        if (Interlocked.Exchange(ref _holder, null) is { } holder)
        {
            await holder.DisposeAsync();
        }
    }

    private async Task Write(IReadOnlyList<PendingCommit> commits)
    {
        // Commits of an earlier lease of this store may still be in the queue.
        foreach (var group in commits.GroupBy(c => c.Lease))
        {
            var lease = group.Key;
            if (lease != _lease)
            {
                throw lease.Fenced();
            }

            if (await _committer.Write([.. group], lease, newer => Lose(lease, $"there is a writer with number {newer}")))
            {
                _changed.Pulse();
            }
        }
    }

    private void Lose(StoreLease lease, string reason)
    {
        if (lease.Lose(inline: false))
        {
            _session.Logger.LeaseLost(Name, lease.Owner, lease.FencingNumber, reason);
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

    private async Task<StoreState> State(CancellationToken cancellationToken) =>
        (await Read(
            new NpgsqlBatchCommand($"SELECT {PostgresDocuments.StateColumns} FROM sanbashi_store"),
            rows => new StoreState(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2)),
            cancellationToken)).Single();

    private async Task<List<T>> Read<T>(NpgsqlBatchCommand select, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        SchemaVersions.ThrowIfOlder(Name, _schemaVersion, PostgresSchema.Newest);
        return await _session.Retry(
            "read from",
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection) { BatchCommands = { select } };
                await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
                return await PostgresDocuments.ReadAll(rows, read, cancellationToken);
            },
            cancellationToken);
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
}
