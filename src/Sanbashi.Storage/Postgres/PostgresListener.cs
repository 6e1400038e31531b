using Npgsql;

namespace Sanbashi.Storage;

/// <summary>One connection that listens for commits of every process, and comes back when it is lost.</summary>
internal sealed class PostgresListener(PostgresSession session, NpgsqlDataSource connections, ChangeSignal changed) : IAsyncDisposable
{
    public const string Channel = "sanbashi_changes";

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private Task? _listening;

    /// <summary>Begins to listen, once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _listening ??= _closed.IsCancellationRequested ? Task.CompletedTask : Task.Run(Listen, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task listening;
        lock (_gate)
        {
            _closed.Cancel();
            listening = _listening ??= Task.CompletedTask;
        }

        await listening;
        await connections.DisposeAsync();
    }

    private async Task Listen()
    {
        var retry = FirstRetry;
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.OpenConnectionAsync(_closed.Token);
                connection.Notification += (_, _) => changed.Pulse();
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(_closed.Token);
                }

                // What was committed while nobody listened is looked for now.
                changed.Pulse();
                retry = FirstRetry;
                while (true)
                {
                    await connection.WaitAsync(_closed.Token);
                }
            }
            catch (OperationCanceledException) when (_closed.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (PostgresErrors.IsOne(e) || e is InvalidOperationException)
            {
                if (await PauseUnlessClosed(retry, e))
                {
                    return;
                }

                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }
        }
    }

    private async Task<bool> PauseUnlessClosed(TimeSpan delay, Exception reason)
    {
        try
        {
            await session.Pause("listening for changes", delay, reason, _closed.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
