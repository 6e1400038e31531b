using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Sanbashi.Storage;

/// <summary>One connection with its prepared statements. Not for two threads at once.</summary>
[SuppressMessage("Security", "CA2100", Justification = "Statements are constants of this project; values are parameters.")]
internal sealed class SqliteSession : IDisposable
{
    private const int BusyTimeoutMilliseconds = 10_000;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    private SqliteSession(SqliteConnection connection)
    {
        _connection = connection;
    }

    /// <summary>Opens the file, which must exist.</summary>
    public static SqliteSession Open(string path, bool readOnly)
    {
        SqliteLibrary.Use();
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Execute($"PRAGMA busy_timeout = {BusyTimeoutMilliseconds}");
            if (!readOnly)
            {
                // FULL: the write-ahead log is on disk before a commit returns. In WAL mode NORMAL would lose the last commits with the power.
                session.Execute("PRAGMA journal_mode = WAL");
                session.Execute("PRAGMA synchronous = FULL");
                session.Execute("PRAGMA fullfsync = ON");
                session.Execute("PRAGMA journal_size_limit = 67108864");
            }

            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Prepares a statement once and answers it with these values for <c>$1</c>, <c>$2</c>, ...</summary>
    public SqliteCommand Prepare(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i}", DBNull.Value));
            }

            // Bounded by the statements of this project: the shapes of a query are few.
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    public long Number(string sql, params ReadOnlySpan<object?> values) => (long)Prepare(sql, values).ExecuteScalar()!;

    /// <summary>Runs in a transaction that keeps other writers out from its start. Rolls back when <paramref name="work"/> throws or answers false.</summary>
    public void Write(Func<bool> work)
    {
        Execute("BEGIN IMMEDIATE");
        var commit = false;
        try
        {
            commit = work();
            if (commit)
            {
                Execute("COMMIT");
            }
        }
        catch
        {
            commit = false;
            throw;
        }
        finally
        {
            // SQLite has ended the transaction by itself after some errors, a full disk among them.
            if (!commit && SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                Execute("ROLLBACK");
            }
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }
}
