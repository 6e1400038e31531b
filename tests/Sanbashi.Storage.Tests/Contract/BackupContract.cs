using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Contract;

/// <summary>Backup and restore, from and to every kind of store.</summary>
public abstract class BackupContract : IAsyncLifetime
{
    private StoreLab? _lab;
    private StoreLab? _empty;

    private protected StoreLab Lab => _lab!;

    /// <summary>A second, empty database of the same kind.</summary>
    private protected StoreLab Empty => _empty!;

    public async ValueTask InitializeAsync()
    {
        _lab = await CreateLab();
        _empty = await CreateLab();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lab in new[] { _lab, _empty }.OfType<StoreLab>())
        {
            await lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task<StoreLab> CreateLab();

    [Fact]
    public async Task Restore_OfABackup_BringsEverythingBack()
    {
        var store = await Lab.OpenAsLeader();
        await Fill(store);
        await store.Backup(Lab.File("backup"), default);
        await store.Commit([Write("later", 0)], default);
        var restored = await Empty.OpenAsLeader();

        await restored.Restore(Lab.File("backup"), default);

        var expected = (await store.Query(new DocumentQuery("service"), default)).Where(d => d.Key.Id != "later");
        (await restored.Query(new DocumentQuery("service"), default)).ShouldBe(expected);
        (await restored.Get(Key("r", "revision", OtherScope), default))!.Parent.ShouldBe("web");
        var sequence = await restored.CurrentSequence(default);
        sequence.ShouldBeGreaterThanOrEqualTo(await store.CurrentSequence(default) - 1);
        (await restored.Commit([Write("new", 0), Write("a", 2)], default)).ShouldBe(CommitResult.Committed);
        (await restored.Watch(sequence, default).Take(2)).Select(c => c.Key.Id).ShouldBe(["new", "a"]);
        await Should.ThrowAsync<ChangeFeedGapException>(() => restored.Watch(1, default).Take(1));
        (await restored.Query(new DocumentQuery("service") { NewestFirst = true, Limit = 1 }, default)).Single().Key.Id.ShouldBe("new");
    }

    [Fact]
    public async Task Restore_IntoMemoryAndBack_ChangesNothing()
    {
        var store = await Lab.OpenAsLeader();
        await Fill(store);
        await using var memory = new InMemoryDocumentStore();
        await memory.AcquireLease("test", _ => { }, default);
        var back = await Empty.OpenAsLeader();

        await store.Backup(Lab.File("1"), default);
        await memory.Restore(Lab.File("1"), default);
        await memory.Backup(Lab.File("2"), default);
        await back.Restore(Lab.File("2"), default);

        (await back.Query(new DocumentQuery("service"), default)).ShouldBe(await store.Query(new DocumentQuery("service"), default));
    }

    [Fact]
    public async Task Restore_IntoAStoreWithDocuments_IsRefused()
    {
        var store = await Lab.OpenAsLeader();
        await Fill(store);
        await store.Backup(Lab.File("backup"), default);

        (await Should.ThrowAsync<StoreException>(() => store.Restore(Lab.File("backup"), default))).Message.ShouldContain("empty store");
    }

    [Fact]
    public async Task Restore_OfADamagedBackup_WritesNothing()
    {
        var store = await Lab.OpenAsLeader();
        await Fill(store);
        await store.Backup(Lab.File("backup"), default);
        var whole = await File.ReadAllBytesAsync(Lab.File("backup"));
        var empty = await Empty.OpenAsLeader();
        var damaged = Lab.File("damaged");

        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 40))
        {
            await File.WriteAllBytesAsync(damaged, whole[..length]);
            await Should.ThrowAsync<StoreException>(() => empty.Restore(damaged, default), $"cut off after {length} bytes");
        }

        (await empty.CurrentSequence(default)).ShouldBe(0);
        (await Should.ThrowAsync<StoreException>(() => empty.Restore(Lab.File("none"), default))).Message.ShouldContain("none");
        await empty.Restore(Lab.File("backup"), default);
    }

    [Fact]
    public async Task Backup_WhileOthersWrite_IsConsistent()
    {
        var store = await Lab.OpenAsLeader();
        await store.Commit([Write("a"), Write("b")], default);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await store.Commit([Write("a"), Write("b")], default);
            }
        });

        await store.Backup(Lab.File("backup"), default);
        await stop.CancelAsync();
        await writing;

        var restored = await Empty.OpenAsLeader();
        await restored.Restore(Lab.File("backup"), default);
        var documents = await restored.Query(new DocumentQuery("service"), default);
        documents[0].Version.ShouldBe(documents[1].Version);
    }

    private static async Task Fill(IDocumentStore store)
    {
        await store.Commit([Write("gone", 0), Write("a", 0, name: "web", parent: "p"), Write("b", 0, "\"é 漢 🚢 \\u0000 \\n\"")], default);
        await store.Commit([Write("a", 1, "\"two\"", name: "web"), Delete("gone"), Write("r", 0, kind: "revision", scope: OtherScope, parent: "web")], default);
    }
}
