namespace Sanbashi.Storage.Tests.Contract;

public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new SqliteLab());
}

public sealed class SqliteLeaseTests : LeaseContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new SqliteLab());
}

public sealed class SqliteBackupTests : BackupContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new SqliteLab());
}

public sealed class SqliteModelTests : ModelContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new SqliteLab());
}
