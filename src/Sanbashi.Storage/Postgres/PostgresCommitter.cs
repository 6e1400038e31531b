using System.Runtime.ExceptionServices;
using Npgsql;

namespace Sanbashi.Storage;

/// <summary>
/// Writes a group of commits in one transaction:
/// 1. lock the store's own row, which keeps every other writer out until the end, and compare the fencing number;
/// 2. decide each commit on what is there;
/// 3. write documents and changes, tell the listeners;
/// 4. commit.
/// When the connection is lost before 4, nothing was written and it is tried again. When it is lost in 4, the row says what happened: nobody else may raise
/// the sequence under this fencing number, and the row's lock makes the question wait until the server has ended the old transaction.
/// </summary>
internal sealed class PostgresCommitter(PostgresSession session, DocumentStoreOptions options)
{
    /// <summary>At most this long for the server to end a transaction whose connection broke.</summary>
    private const string OutcomeTimeout = "30s";

    /// <summary>Answers whether anything was written, after completing every commit.</summary>
    public async Task<bool> Write(IReadOnlyList<PendingCommit> commits, StoreLease lease, Action<long> onFenced)
    {
        var (results, hasChanged) = await InTransaction(
            lease,
            onFenced,
            LoadedBy(commits),
            async (connection, state, rows) =>
            {
                var written = await PostgresDocuments.ReadAll(rows, PostgresDocuments.ReadDocument, CancellationToken.None);
                await rows.NextResultAsync();
                var named = await PostgresDocuments.ReadAll(rows, PostgresDocuments.ReadDocument, CancellationToken.None);
                await rows.DisposeAsync();

                // 2
                var batch = new CommitBatch(new LoadedDocuments(written, named), state.Sequence);
                var decided = commits.Select(c => batch.Add(c.Writes)).ToArray();

                // 3
                if (batch.Applied.Count > 0)
                {
                    await Apply(connection, batch, state);
                }

                return (decided, batch.Sequence);
            });
        for (var i = 0; i < commits.Count; i++)
        {
            commits[i].Complete(results[i]);
        }

        return hasChanged;
    }

    /// <param name="path">Of a backup that was read through and found whole.</param>
    public Task Restore(string path, StoreLease lease, Action<long> onFenced, CancellationToken cancellationToken) => InTransaction(
        lease,
        onFenced,
        [new NpgsqlBatchCommand("SELECT count(*) FROM sanbashi_documents")],
        async (connection, state, rows) =>
        {
            await rows.ReadAsync(cancellationToken);
            BackupReader.ThrowIfNotEmpty(session.Name, rows.GetInt64(0));
            await rows.DisposeAsync();
            await using var backup = await BackupReader.Open(path, cancellationToken);
            await foreach (var some in backup.Documents(cancellationToken).Chunk(500).WithCancellation(cancellationToken))
            {
                await Execute(connection, some.Select(PostgresDocuments.Put));
            }

            // One more than either: what the row says must differ when this is committed, even for an empty backup.
            var sequence = Math.Max(state.Sequence, backup.Manifest.Sequence) + 1;
            await Execute(connection, [PostgresDocuments.TrimChanges(sequence), PostgresDocuments.SetSequence(sequence, sequence), Notify()]);
            return (true, sequence);
        });

    private static List<NpgsqlBatchCommand> LoadedBy(IReadOnlyList<PendingCommit> commits)
    {
        var writes = commits.SelectMany(c => c.Writes).ToArray();
        var keys = writes.Select(w => w.Key).ToHashSet();
        var names = writes.Where(w => w is { UniqueName: true, Body: not null }).Select(w => (w.Key.Kind, w.Key.Scope, w.Name!)).ToHashSet();
        return [PostgresDocuments.Find(keys), PostgresDocuments.FindByName(names)];
    }

    private static NpgsqlBatchCommand Notify() => new($"SELECT pg_notify('{PostgresListener.Channel}', '')");

    private static async Task Execute(NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> commands)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private Task Apply(NpgsqlConnection connection, CommitBatch batch, StoreState before)
    {
        List<NpgsqlBatchCommand> commands =
        [
            .. batch.Applied.Select(w => w.Document is { } document ? PostgresDocuments.Put(document) : PostgresDocuments.Delete(w.Key)),
            PostgresDocuments.AddChanges(batch.Applied),
        ];
        var keptAfter = before.TrimmedSequence;
        if (options.ShouldTrim(batch.Sequence, keptAfter))
        {
            keptAfter = batch.Sequence - options.KeptChanges;
            commands.Add(PostgresDocuments.TrimChanges(keptAfter));
        }

        commands.Add(PostgresDocuments.SetSequence(batch.Sequence, keptAfter));
        commands.Add(Notify());
        return Execute(connection, commands);
    }

    /// <param name="work">Gets the results of <paramref name="loads"/> and disposes them; answers a result and the sequence after it.</param>
    private async Task<(T Result, bool HasChanged)> InTransaction<T>(
        StoreLease lease,
        Action<long> onFenced,
        IReadOnlyList<NpgsqlBatchCommand> loads,
        Func<NpgsqlConnection, StoreState, NpgsqlDataReader, Task<(T Result, long Sequence)>> work) => await session.Retry(
        "write to",
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await using var batch = new NpgsqlBatch(connection);

            // A server that is set to acknowledge before it is on disk is told otherwise.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL synchronous_commit = on"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {PostgresDocuments.StateColumns} FROM sanbashi_store FOR UPDATE"));
            foreach (var load in loads)
            {
                batch.BatchCommands.Add(load);
            }

            // 1
            await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
            var before = await PostgresDocuments.ReadState(rows, CancellationToken.None);
            if (before.FencingNumber != lease.FencingNumber || !lease.IsHeld)
            {
                onFenced(before.FencingNumber);
                throw lease.Fenced();
            }

            await rows.NextResultAsync();
            var (result, sequence) = await work(connection, before, rows);
            if (sequence == before.Sequence)
            {
                return (result, false);
            }

            // 4
            try
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
            catch (Exception e) when (PostgresErrors.IsConnectionLoss(e))
            {
                await Resolve(lease, before.Sequence, sequence, e);
            }

            return (result, true);
        },
        CancellationToken.None);

    /// <summary>Returns when the transaction was committed; throws the cause, which is tried again, when it was not.</summary>
    private async Task Resolve(StoreLease lease, long before, long after, Exception cause)
    {
        var state = await session.Retry("find out whether a commit was written in", ReadLockedState, CancellationToken.None);
        if (state.FencingNumber != lease.FencingNumber)
        {
            throw new LeaseLostException(
                $"The connection to {session.Name} was lost during a commit, and another process became its writer since. It is not known whether the commit was written: acquire the lease again and read the state anew.");
        }

        session.Logger.CommitResolved(session.Name, state.Sequence == after);
        if (state.Sequence == before)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private static async Task<StoreState> ReadLockedState(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SET LOCAL lock_timeout = '{OutcomeTimeout}'"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {PostgresDocuments.StateColumns} FROM sanbashi_store FOR UPDATE"));
        await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
        return await PostgresDocuments.ReadState(rows, CancellationToken.None);
    }
}
