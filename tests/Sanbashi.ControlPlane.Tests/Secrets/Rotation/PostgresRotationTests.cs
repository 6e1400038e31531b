using Sanbashi.Storage.Tests;

namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

public sealed class PostgresRotationTests(PostgresServer server) : DatabaseRotationTests, IClassFixture<PostgresServer>
{
    private protected override async Task<ITestDatabase> Database(string user, string password) => await PostgresTestDatabase.Create(server, user, password);
}
