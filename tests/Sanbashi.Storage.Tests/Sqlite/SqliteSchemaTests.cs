using Microsoft.Data.Sqlite;
using Sanbashi.Storage.Tests.Contract;
using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Sqlite;

public sealed class SqliteSchemaTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string StorePath => _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_OfVersionOne_IsMigratedByTheLeaderAndKeepsEverything()
    {
        MakeVersionOne();
        await using var store = SqliteDocumentStore.Open(StorePath, TimeProvider.System);
        (await Should.ThrowAsync<StoreException>(async () => await store.Get(Key("a"), default))).Message.ShouldContain("schema is version 1");

        await using var lease = await store.AcquireLease("test", _ => { }, default);

        (await store.Get(Key("a"), default)).ShouldBe(new Document(Key("a"), "web", "p", 3, 7, "{}"));
        (await store.Query(new DocumentQuery("service") { Parent = "p", Name = "web" }, default)).Count.ShouldBe(1);
        (await store.Watch(8, default).Take(1)).Single().ShouldBe(new DocumentChange(9, Key("a"), false));
        (await store.Commit([Write("b", 0, name: "web", unique: true)], default)).ShouldBe(CommitResult.Conflict);
        (await store.Commit([Write("b", 0)], default)).ShouldBe(CommitResult.Committed);
        (await store.CurrentSequence(default)).ShouldBe(10);
    }

    [Fact]
    public async Task AcquireLease_OfASchemaThatANewerVersionMigratedMeanwhile_IsRefused()
    {
        await using var store = SqliteDocumentStore.Open(StorePath, TimeProvider.System);
        Execute($"UPDATE sanbashi_store SET schema_version = {SqliteSchema.Newest + 1}");

        (await Should.ThrowAsync<StoreException>(() => store.AcquireLease("test", _ => { }, default))).Message.ShouldContain("Use the version that wrote it or a newer one");
        Should.Throw<StoreException>(() => SqliteDocumentStore.Open(StorePath, TimeProvider.System)).Message.ShouldContain("Use the version that wrote it or a newer one");

        Execute($"UPDATE sanbashi_store SET schema_version = {SqliteSchema.Newest}");
        await using var lease = await store.AcquireLease("test", _ => { }, default).WithDeadline();
    }

    [Fact]
    public void Open_OfAnotherProgramsDatabase_IsRefused()
    {
        SqliteLibrary.Use();
        Execute("CREATE TABLE songs (title TEXT)");

        Should.Throw<StoreException>(() => SqliteDocumentStore.Open(StorePath, TimeProvider.System)).Message.ShouldContain("another program");
    }

    [Fact]
    public void Open_OfWhatIsNoDatabase_IsRefused()
    {
        File.WriteAllText(StorePath, string.Concat(Enumerable.Repeat("not a database\n", 100)));

        Should.Throw<StoreException>(() => SqliteDocumentStore.Open(StorePath, TimeProvider.System)).Message.ShouldContain("not an SQLite database");
    }

    [Fact]
    public async Task Session_ThatWrites_SyncsEachCommit()
    {
        await SqliteDocumentStore.Open(StorePath, TimeProvider.System).DisposeAsync();
        using var session = SqliteSession.Open(StorePath, readOnly: false);

        session.Number("PRAGMA synchronous").ShouldBe(2);
        session.Prepare("PRAGMA journal_mode").ExecuteScalar().ShouldBe("wal");
    }

    [Fact]
    public async Task Open_MakesAFile_OnlyItsOwnerCanRead()
    {
        await SqliteDocumentStore.Open(StorePath, TimeProvider.System).DisposeAsync();

        (OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(StorePath)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>A store as the first version of the platform leaves it.</summary>
    private void MakeVersionOne()
    {
        SqliteLibrary.Use();
        Execute(SqliteSchema.Steps[0]);
        Execute(
            """
            INSERT INTO sanbashi_documents (created, kind, account, region, id, name, parent, version, body) VALUES (7, 'service', '000000000000', 'local-1', 'a', 'web', 'p', 3, '{}');
            INSERT INTO sanbashi_changes VALUES (9, 'service', '000000000000', 'local-1', 'a', 0);
            UPDATE sanbashi_store SET sequence = 9, trimmed_sequence = 8;
            """);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
