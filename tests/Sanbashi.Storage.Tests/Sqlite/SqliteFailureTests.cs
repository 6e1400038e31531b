using System.Diagnostics;
using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Sqlite;

public sealed class SqliteFailureTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<SqliteDocumentStore> _stores = [];
    private bool _isMounted;

    private string StorePath => _folder.File("store.db");

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        if (_isMounted)
        {
            Run("umount", _folder.Path);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Commit_OnAFullDisk_SaysSoAndGoesOnWhenThereIsRoom()
    {
        MountSmallDisk();
        await File.WriteAllBytesAsync(_folder.File("filler"), new byte[1_000_000]);
        var store = Open();
        await store.AcquireLease("test", _ => { }, default);
        var body = $"\"{new string('x', 100_000)}\"";
        var committed = 0;

        var error = await Should.ThrowAsync<StoreException>(async () =>
        {
            for (; ; committed++)
            {
                await store.Commit([Write($"{committed}", 0, body)], default);
            }
        });

        error.Message.ShouldContain("the disk is full");
        (await store.Query(new DocumentQuery("service"), default)).Count.ShouldBe(committed);
        File.Delete(_folder.File("filler"));
        (await store.Commit([Write($"{committed}", 0, body)], default)).ShouldBe(CommitResult.Committed);
        await store.DisposeAsync();
        (await Open().Query(new DocumentQuery("service"), default)).Count.ShouldBe(committed + 1);
    }

    [Fact]
    public async Task Open_OnAReadOnlyDisk_SaysSo()
    {
        MountSmallDisk();
        await Open().DisposeAsync();
        Run("mount", "-o", "remount,ro", _folder.Path);

        Should.Throw<StoreException>(Open).Message.ShouldContain("not mounted read-only");
        Should.Throw<StoreException>(() => SqliteDocumentStore.Open(_folder.File("none/store.db"), TimeProvider.System)).Message.ShouldContain("Name a file in a folder that this user may write");
    }

    [Fact]
    public async Task Query_OfADamagedFile_SaysToRestore()
    {
        var store = Open();
        await store.AcquireLease("test", _ => { }, default);
        await store.Commit([.. Enumerable.Range(0, 500).Select(i => Write($"{i}", 0, new string('x', 1000)))], default);
        await store.DisposeAsync();
        await using (var file = new FileStream(StorePath, FileMode.Open))
        {
            file.Position = 16 * 4096;
            file.Write(Enumerable.Repeat((byte)0xa5, 64 * 4096).ToArray());
        }

        (await Should.ThrowAsync<StoreException>(async () => await Open().Query(new DocumentQuery("service"), default))).Message.ShouldContain("restore the newest backup");
    }

    [Fact]
    public async Task Commit_AfterTheLockFileWasRemovedAndTakenByAnother_IsFencedOff()
    {
        var first = Open();
        var second = Open();
        var lease = await first.AcquireLease("first", _ => { }, default);
        File.Delete($"{StorePath}.lock");
        await second.AcquireLease("second", _ => { }, default);

        (await Should.ThrowAsync<LeaseLostException>(() => first.Commit([Write("a", 0)], default))).Message.ShouldContain("Nothing was written");

        lease.Lost.IsCancellationRequested.ShouldBeTrue();
        (await second.Commit([Write("a", 0)], default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task Backup_IntoAFolderThatIsNotThere_SaysSo()
    {
        var store = Open();

        (await Should.ThrowAsync<StoreException>(() => store.Backup(_folder.File("none/backup"), default))).Message.ShouldContain("Choose another place");
    }

    private SqliteDocumentStore Open()
    {
        var store = SqliteDocumentStore.Open(StorePath, TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    private void MountSmallDisk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=2m", "none", _folder.Path) == 0, "a small file system cannot be mounted here, which needs root");
        _isMounted = true;
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
