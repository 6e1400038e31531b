[assembly: AssemblyFixture(typeof(Sanbashi.Storage.Tests.PostgresServer))]

namespace Sanbashi.Storage.Tests.Contract;

public sealed class PostgresDocumentStoreTests(PostgresServer server) : DocumentStoreContract
{
    protected override async Task<StoreLab> CreateLab() => await PostgresLab.Create(server);
}

public sealed class PostgresLeaseTests(PostgresServer server) : LeaseContract
{
    protected override async Task<StoreLab> CreateLab() => await PostgresLab.Create(server);
}

public sealed class PostgresBackupTests(PostgresServer server) : BackupContract
{
    protected override async Task<StoreLab> CreateLab() => await PostgresLab.Create(server);
}

public sealed class PostgresModelTests(PostgresServer server) : ModelContract
{
    protected override async Task<StoreLab> CreateLab() => await PostgresLab.Create(server);
}
