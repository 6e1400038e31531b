using System.Security.Cryptography;
using Npgsql;

namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>PostgreSQL 10 or newer.</summary>
internal sealed class PostgresDatabase : IDatabase
{
    private const int DefaultPort = 5432;
    private const string DefaultDatabase = "postgres";
    private const int SaltLength = 16;

    public async Task<bool> LetsIn(DatabaseLogin login, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Open(login, cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return false;
        }
        catch (NpgsqlException failure)
        {
            throw Failed(login, failure);
        }
    }

    public Task ChangeOwn(DatabaseLogin login, string password, CancellationToken cancellationToken) =>
        Run(login, connection => SetPassword(connection, login.User, password, cancellationToken), cancellationToken);

    /// <summary>A new user is a member of the other one and acts as it, so that what either makes belongs to both.</summary>
    public Task Provide(DatabaseLogin master, string user, string password, string like, CancellationToken cancellationToken) => Run(
        master,
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var find = new NpgsqlCommand("SELECT 1 FROM pg_roles WHERE rolname = $1", connection) { Parameters = { new() { Value = user } } })
            {
                if (await find.ExecuteScalarAsync(cancellationToken) is null)
                {
                    await Execute(connection, "format('CREATE ROLE %I LOGIN', $1::text)", [user], cancellationToken);
                    await Execute(connection, "format('GRANT %I TO %I', $1::text, $2::text)", [like, user], cancellationToken);
                    await Execute(connection, "format('ALTER ROLE %I SET role TO %I', $1::text, $2::text)", [user, like], cancellationToken);
                }
            }

            await SetPassword(connection, user, password, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Where the server keeps verifiers, it gets one: its log and its activity table show statements.</summary>
    private static async Task SetPassword(NpgsqlConnection connection, string user, string password, CancellationToken cancellationToken)
    {
        await using var encryption = new NpgsqlCommand("SHOW password_encryption", connection);
        var isScram = (string?)await encryption.ExecuteScalarAsync(cancellationToken) == "scram-sha-256";
        var secret = isScram ? ScramVerifier.Of(password, RandomNumberGenerator.GetBytes(SaltLength)) : password;
        await Execute(connection, "format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", [user, secret], cancellationToken);
    }

    /// <summary>Statements about roles take no parameters, so the server itself quotes them.</summary>
    private static async Task Execute(NpgsqlConnection connection, string format, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        await using var quote = new NpgsqlCommand($"SELECT {format}", connection);
        foreach (var part in parts)
        {
            quote.Parameters.Add(new NpgsqlParameter { Value = part });
        }

        var statement = (string)(await quote.ExecuteScalarAsync(cancellationToken))!;
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task Run(DatabaseLogin login, Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Open(login, cancellationToken);
            await work(connection);
        }
        catch (NpgsqlException failure)
        {
            throw Failed(login, failure);
        }
    }

    private static async Task<NpgsqlConnection> Open(DatabaseLogin login, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = login.Host,
            Port = login.Port ?? DefaultPort,
            Username = login.User,
            Password = login.Password,
            Database = login.Database ?? DefaultDatabase,
            Pooling = false,
            ApplicationName = "sanbashi rotation",
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static RotationException Failed(DatabaseLogin login, NpgsqlException failure) =>
        new($"PostgreSQL at {login.Host} did not do it for {login.User}: {(failure is PostgresException refusal ? refusal.MessageText : failure.Message)}", failure);
}
