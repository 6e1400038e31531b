using Npgsql;

namespace Sanbashi.Storage;

/// <summary>
/// The connection whose session holds the advisory lock. The server gives the lock to the next session as soon as this one ends, however it ends; a machine
/// that vanishes is noticed by the server's keepalives after about 25 s.
/// </summary>
internal sealed class PostgresLeaseHolder : IAsyncDisposable
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(5);
    private const int AnswerWithinSeconds = 10;

    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _closed = new();
    private Task _watching = Task.CompletedTask;

    private PostgresLeaseHolder(NpgsqlConnection connection)
    {
        _connection = connection;
    }

    public NpgsqlConnection Connection => _connection;

    /// <summary>Waits inside the server, so that the next one goes on at once when the holder's session ends.</summary>
    public static async Task<PostgresLeaseHolder> Acquire(PostgresSession session, NpgsqlDataSource connections, Action<string> onWaiting, CancellationToken cancellationToken)
    {
        var isWaitingKnown = false;
        while (true)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await connections.OpenConnectionAsync(cancellationToken);
                await Run(connection, "SET statement_timeout = 0; SET lock_timeout = 0; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3", cancellationToken);
                if (!(bool)(await Run(connection, $"SELECT pg_try_advisory_lock({PostgresLocks.Lease})", cancellationToken))!)
                {
                    if (!isWaitingKnown)
                    {
                        isWaitingKnown = true;
                        onWaiting(await OwnerOf(connection, session.Name, cancellationToken));
                    }

                    await Run(connection, $"SELECT pg_advisory_lock({PostgresLocks.Lease})", cancellationToken, timeoutSeconds: 0);
                }

                return new PostgresLeaseHolder(connection);
            }
            catch (Exception e) when (PostgresErrors.IsOne(e) || e is OperationCanceledException)
            {
                await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);

                // Whoever waits for hours must outlive a restart of the server.
                if (!isWaitingKnown || !PostgresErrors.IsConnectionLoss(e))
                {
                    throw;
                }

                await session.Pause("waiting for the lease", TimeSpan.FromSeconds(1), e, cancellationToken);
            }
        }
    }

    /// <summary>Calls when the session has ended, or does not answer any more, and this was not disposed.</summary>
    public void Watch(Action<string> onLost) => _watching = Task.Run(async () =>
    {
        try
        {
            while (true)
            {
                // Answers at once when the connection breaks.
                await _connection.WaitAsync(LookAfter, _closed.Token);
                await Run(_connection, "SELECT 1", _closed.Token, AnswerWithinSeconds);
            }
        }
        catch (Exception) when (_closed.IsCancellationRequested)
        {
            // Disposed: whatever the connection said to that is of no interest.
        }
        catch (Exception e)
        {
            onLost(e.Message);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _watching;

        // Ends the session and with it the lock: this connection is not pooled.
        await _connection.DisposeAsync();
    }

    private static async Task<string> OwnerOf(NpgsqlConnection connection, string storeName, CancellationToken cancellationToken) =>
        await PostgresSchema.VersionOf(connection, storeName, cancellationToken) >= 2
        && await Run(connection, "SELECT owner FROM sanbashi_store", cancellationToken) is string { Length: > 0 } owner
            ? owner
            : "another process";

    private static async Task<object?> Run(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, int timeoutSeconds = 30)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = timeoutSeconds };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
