using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sanbashi.Storage;

/// <summary>What the parts of a PostgreSQL store share: connections, the clock, and how a lost connection is met.</summary>
internal sealed class PostgresSession(NpgsqlDataSource connections, string name, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Waits between attempts of one call: a restart of the server on the same machine takes about a second, a fail-over a few.</summary>
    private static readonly TimeSpan[] RetryAfter =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(750), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    public string Name { get; } = name;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public ILogger Logger { get; } = logger;

    public ValueTask<NpgsqlConnection> Connect(CancellationToken cancellationToken) => connections.OpenConnectionAsync(cancellationToken);

    /// <summary>Runs what may run twice, again when the connection is lost, at most six times in about seven seconds.</summary>
    /// <exception cref="StoreException">It failed for good.</exception>
    public async Task<T> Retry<T>(string attempted, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var connection = await Connect(cancellationToken);
                return await work(connection);
            }
            catch (Exception e) when (PostgresErrors.IsConnectionLoss(e) && attempt < RetryAfter.Length && !cancellationToken.IsCancellationRequested)
            {
                await Pause(attempted, RetryAfter[attempt], e, cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.IsOne(e))
            {
                throw PostgresErrors.Translate(e, attempted, Name);
            }
        }
    }

    public Task Pause(string attempted, TimeSpan delay, Exception reason, CancellationToken cancellationToken)
    {
        Logger.TryingAgain(Name, attempted, delay, reason.Message);
        return Task.Delay(delay, TimeProvider, cancellationToken);
    }
}
