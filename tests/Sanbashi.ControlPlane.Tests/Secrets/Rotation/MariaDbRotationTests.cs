namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

public sealed class MariaDbRotationTests(MariaDbServer server) : DatabaseRotationTests, IClassFixture<MariaDbServer>
{
    private protected override async Task<ITestDatabase> Database(string user, string password) => await MariaDbTestDatabase.Create(server, user, password);
}
