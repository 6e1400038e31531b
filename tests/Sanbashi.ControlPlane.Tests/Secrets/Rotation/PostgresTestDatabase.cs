using Npgsql;
using Sanbashi.Storage.Tests;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

/// <summary>On a PostgreSQL server that asks everybody but its owner for a password.</summary>
internal sealed class PostgresTestDatabase : ITestDatabase
{
    private readonly PostgresServer _server;

    private PostgresTestDatabase(PostgresServer server, string name) => (_server, Name) = (server, name);

    public int Port => _server.Port;

    public string Name { get; }

    public string Function => "SecretsManagerRDSPostgreSQLRotation";

    public (string User, string Password) Master { get; } = ("master", "master-password");

    public static async Task<PostgresTestDatabase> Create(PostgresServer server, string user, string password)
    {
        var url = new Uri(await server.CreateDatabase());
        var database = new PostgresTestDatabase(server, url.AbsolutePath.Trim('/'));
        await server.Execute("postgres", """
            DO $$ BEGIN
              EXECUTE format('COPY (VALUES (''host all sanbashi all trust''), (''host all all all scram-sha-256'')) TO %L', current_setting('hba_file'));
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'master') THEN CREATE ROLE master LOGIN SUPERUSER PASSWORD 'master-password'; END IF;
            END $$;
            SELECT pg_reload_conf();
            """);
        await server.Execute(database.Name, $"CREATE ROLE \"{user}\" LOGIN PASSWORD '{password}'; ALTER SCHEMA public OWNER TO \"{user}\"");
        return database;
    }

    public async Task<bool> LetsIn(string user, string password)
    {
        try
        {
            await Execute(user, password, "SELECT 1");
            return true;
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    public async Task Execute(string user, string password, string sql)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={Port};Username={user};Password={password};Database={Name};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public Task ChangePassword(string user, string password) => _server.Execute(Name, $"ALTER ROLE \"{user}\" PASSWORD '{password}'");
}
