using MySqlConnector;

namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>MySQL 5.7 or newer, and MariaDB 10.2 or newer.</summary>
internal sealed class MySqlDatabase : IDatabase
{
    private const uint DefaultPort = 3306;
    private const string EveryHost = "%";

    public async Task<bool> LetsIn(DatabaseLogin login, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Open(login, cancellationToken);
            await using var command = new MySqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (MySqlException refusal) when (refusal.ErrorCode is MySqlErrorCode.AccessDenied)
        {
            return false;
        }
        catch (MySqlException failure)
        {
            throw Failed(login, failure);
        }
    }

    /// <summary>MariaDB lets users without further rights change their own password by SET only, MySQL 8 by ALTER USER only.</summary>
    public Task ChangeOwn(DatabaseLogin login, string password, CancellationToken cancellationToken) => Run(
        login,
        connection => Execute(connection, IsMariaDb(connection) ? $"SET PASSWORD = PASSWORD({Quoted(password)})" : $"ALTER USER USER() IDENTIFIED BY {Quoted(password)}", cancellationToken),
        cancellationToken);

    /// <summary>The rights are copied each time, so that those that were granted since come along.</summary>
    public Task Provide(DatabaseLogin master, string user, string password, string like, CancellationToken cancellationToken) => Run(
        master,
        async connection =>
        {
            var host = await HostOf(connection, like, cancellationToken)
                ?? throw new RotationException($"The database at {master.Host} has no user {like}.");
            var (account, model) = ($"{Quoted(user)}@{Quoted(host)}", $"{Quoted(like)}@{Quoted(host)}");
            await Execute(connection, $"CREATE USER IF NOT EXISTS {account} IDENTIFIED BY {Quoted(password)}", cancellationToken);
            foreach (var grant in await Grants(connection, model, account, cancellationToken))
            {
                await Execute(connection, grant, cancellationToken);
            }

            await Execute(connection, $"ALTER USER {account} IDENTIFIED BY {Quoted(password)}", cancellationToken);
        },
        cancellationToken);

    private static async Task<string?> HostOf(MySqlConnection connection, string user, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand("SELECT Host FROM mysql.user WHERE User = @user ORDER BY Host = @every DESC, Host", connection);
        command.Parameters.AddWithValue("@user", user);
        command.Parameters.AddWithValue("@every", EveryHost);
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Statements that give the same to another user. What follows the name there (its password, in MariaDB) is its own.</summary>
    private static async Task<IReadOnlyList<string>> Grants(MySqlConnection connection, string model, string account, CancellationToken cancellationToken)
    {
        const string WithGrant = " WITH GRANT OPTION";
        var grants = new List<string>();
        await using var command = new MySqlCommand($"SHOW GRANTS FOR {model}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var text = reader.GetString(0);
            if (text.LastIndexOf(" TO ", StringComparison.Ordinal) is var to and > 0 && text.StartsWith("GRANT ", StringComparison.Ordinal) && !text.StartsWith("GRANT PROXY", StringComparison.Ordinal))
            {
                grants.Add($"{text[..to]} TO {account}{(text.EndsWith(WithGrant, StringComparison.Ordinal) ? WithGrant : "")}");
            }
        }

        return grants;
    }

    private static async Task Execute(MySqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Statements about users take no parameters, and how a quote is escaped depends on the server's mode: what has one is refused.</summary>
    private static string Quoted(string text) => text.AsSpan().ContainsAny('\'', '\\', '\0')
        ? throw new RotationException("The names and passwords of rotated users can have neither quotes nor backslashes.")
        : $"'{text}'";

    private static bool IsMariaDb(MySqlConnection connection) => connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);

    private static async Task Run(DatabaseLogin login, Func<MySqlConnection, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await Open(login, cancellationToken);
            await work(connection);
        }
        catch (MySqlException failure)
        {
            throw Failed(login, failure);
        }
    }

    private static async Task<MySqlConnection> Open(DatabaseLogin login, CancellationToken cancellationToken)
    {
        var settings = new MySqlConnectionStringBuilder
        {
            Server = login.Host,
            Port = (uint?)login.Port ?? DefaultPort,
            UserID = login.User,
            Password = login.Password,
            Database = login.Database ?? "",
            Pooling = false,
            ApplicationName = "sanbashi rotation",
        };
        var connection = new MySqlConnection(settings.ConnectionString);
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

    private static RotationException Failed(DatabaseLogin login, MySqlException failure) =>
        new($"The database at {login.Host} did not do it for {login.User}: {failure.Message}", failure);
}
