namespace Sanbashi.Storage.Tests.Contract;

public sealed class InMemoryDocumentStoreTests : DocumentStoreContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new InMemoryLab());
}

public sealed class InMemoryLeaseTests : LeaseContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new InMemoryLab());
}

public sealed class InMemoryBackupTests : BackupContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new InMemoryLab());
}

public sealed class InMemoryModelTests : ModelContract
{
    protected override Task<StoreLab> CreateLab() => Task.FromResult<StoreLab>(new InMemoryLab());
}
