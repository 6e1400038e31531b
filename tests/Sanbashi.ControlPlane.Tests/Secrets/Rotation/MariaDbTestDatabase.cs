using MySqlConnector;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

internal sealed class MariaDbTestDatabase : ITestDatabase
{
    private readonly MariaDbServer _server;

    private MariaDbTestDatabase(MariaDbServer server, string name) => (_server, Name) = (server, name);

    public int Port => _server.Port;

    public string Name { get; }

    public string Function => "SecretsManagerRDSMariaDBRotation";

    public (string User, string Password) Master => (MariaDbServer.Master, MariaDbServer.MasterPassword);

    public static async Task<MariaDbTestDatabase> Create(MariaDbServer server, string user, string password)
    {
        var database = new MariaDbTestDatabase(server, await server.CreateDatabase());
        await database.Execute(MariaDbServer.Master, MariaDbServer.MasterPassword, $"CREATE USER '{user}'@'%' IDENTIFIED BY '{password}'");
        await database.Execute(MariaDbServer.Master, MariaDbServer.MasterPassword, $"GRANT ALL ON {database.Name}.* TO '{user}'@'%'");
        return database;
    }

    public async Task<bool> LetsIn(string user, string password)
    {
        try
        {
            await Execute(user, password, "SELECT 1");
            return true;
        }
        catch (MySqlException refusal) when (refusal.ErrorCode == MySqlErrorCode.AccessDenied)
        {
            return false;
        }
    }

    public Task Execute(string user, string password, string sql) => _server.Execute(user, password, Name, sql);

    public Task ChangePassword(string user, string password) => Execute(MariaDbServer.Master, MariaDbServer.MasterPassword, $"ALTER USER '{user}'@'%' IDENTIFIED BY '{password}'");
}
