using Sanbashi.Storage.Tests.Contract;
using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Postgres;

public sealed class PostgresFailureTests(PostgresServer server)
{
    [Fact]
    public async Task Open_WithoutAServer_SaysThatItDoesNotAnswer()
    {
        var error = await Should.ThrowAsync<StoreException>(() => DocumentStores.Open("postgres://u:geheim@127.0.0.1:1/d", TimeProvider.System, null, default));

        error.Message.ShouldContain("the server does not answer");
        error.Message.ShouldContain("PostgreSQL database d at 127.0.0.1:1");
        error.Message.ShouldNotContain("geheim");
    }

    [Fact]
    public async Task Open_OfAMissingDatabase_SaysHowToMakeIt()
    {
        var url = (await server.CreateDatabase()).Replace("/store", "/nostore", StringComparison.Ordinal);

        (await Should.ThrowAsync<StoreException>(() => DocumentStores.Open(url, TimeProvider.System, null, default))).Message.ShouldContain("createdb");
    }

    [Fact]
    public async Task Open_AsAUserWithoutRights_SaysWhatToGrant()
    {
        await using var lab = await PostgresLab.Create(server);
        var database = lab.Url.Split('/', '?')[3];
        await server.Execute("postgres", $"DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");

        var url = lab.Url.Replace("sanbashi:a%20secret@", "guest@", StringComparison.Ordinal);
        (await Should.ThrowAsync<StoreException>(() => DocumentStores.Open(url, TimeProvider.System, null, default))).Message.ShouldContain("Grant it CREATE", customMessage: database);
    }

    [Fact]
    public async Task Open_OfALatin1Database_AsksForUtf8()
    {
        await using var lab = await PostgresLab.Create(server);
        var database = $"latin{Guid.NewGuid():N}";
        await server.Execute("postgres", $"CREATE DATABASE {database} ENCODING 'LATIN1' TEMPLATE template0");

        var url = $"postgres://sanbashi@127.0.0.1:{server.Port}/{database}";
        (await Should.ThrowAsync<StoreException>(() => DocumentStores.Open(url, TimeProvider.System, null, default))).Message.ShouldContain("createdb -E UTF8");
    }

    [Fact]
    public async Task Open_OfVersionOne_IsMigratedByTheLeaderAndKeepsEverything()
    {
        await using var lab = await PostgresLab.Create(server);
        var database = lab.Url.Split('/', '?')[3];
        await server.Execute(database, PostgresSchema.Steps[0]);
        await server.Execute(database, "INSERT INTO sanbashi_documents VALUES (7, 'service', '000000000000', 'local-1', 'a', 'web', 'p', 3, '{}'); UPDATE sanbashi_store SET sequence = 9, trimmed_sequence = 9");
        var store = await lab.Open();
        (await Should.ThrowAsync<StoreException>(async () => await store.Get(Key("a"), default))).Message.ShouldContain("schema is version 1");

        await store.AcquireLease("test", _ => { }, Deadline.Token());

        (await store.Get(Key("a"), default)).ShouldBe(new Document(Key("a"), "web", "p", 3, 7, "{}"));
        (await store.Commit([Write("b", 0)], default)).ShouldBe(CommitResult.Committed);
        await server.Execute(database, "UPDATE sanbashi_store SET schema_version = 99");
        (await Should.ThrowAsync<StoreException>(() => lab.Open())).Message.ShouldContain("its schema is version 99");
    }

    [Fact]
    public async Task Open_ByEightAtOnce_MakesTheTablesOnce()
    {
        await using var lab = await PostgresLab.Create(server);

        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresDocumentStore.Open(lab.Url, TimeProvider.System, null, null, Deadline.Token())));

        foreach (var store in stores)
        {
            (await store.CurrentSequence(default)).ShouldBe(0);
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_OfTwoSchemasOfOneDatabase_AreTwoStores()
    {
        await using var lab = await PostgresLab.Create(server);
        var database = lab.Url.Split('/', '?')[3];
        await server.Execute(database, "CREATE SCHEMA one; CREATE SCHEMA two");

        await using var one = await DocumentStores.Open($"{lab.Url}&search_path=one", TimeProvider.System, null, default);
        await using var two = await DocumentStores.Open($"{lab.Url}&search_path=two", TimeProvider.System, null, default);
        await one.AcquireLease("1", _ => { }, Deadline.Token());
        await two.AcquireLease("2", _ => { }, Deadline.Token());
        await one.Commit([Write("a", 0)], default);

        (await two.Get(Key("a"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Lease_WhoseSessionIsEnded_IsLostAndGoesToTheNext()
    {
        await using var lab = await PostgresLab.Create(server);
        var database = lab.Url.Split('/', '?')[3];
        var first = await lab.Open();
        var second = await lab.Open();
        var lease = await first.AcquireLease("first", _ => { }, Deadline.Token());
        var lost = new TaskCompletionSource();
        lease.Lost.Register(lost.SetResult);
        var told = new TaskCompletionSource();
        var waiting = second.AcquireLease("second", _ => told.SetResult(), Deadline.Token());
        await told.Task.WithDeadline();

        await server.Execute(database, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

        await waiting.WithDeadline();
        await lost.Task.WithDeadline();
        await Should.ThrowAsync<LeaseLostException>(async () => await first.Commit([Write("a", 0)], default));
        (await second.Commit([Write("a", 0)], default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task Commit_UnderAnOldFencingNumber_WritesNothing()
    {
        await using var lab = await PostgresLab.Create(server);
        var store = await lab.Open();
        var lease = await store.AcquireLease("first", _ => { }, Deadline.Token());
        await server.Execute(lab.Url.Split('/', '?')[3], "UPDATE sanbashi_store SET fencing = fencing + 1");

        await Should.ThrowAsync<LeaseLostException>(() => store.Commit([Write("a", 0)], default));

        lease.Lost.IsCancellationRequested.ShouldBeTrue();
        (await store.CurrentSequence(default)).ShouldBe(0);
        await store.AcquireLease("again", _ => { }, Deadline.Token());
        (await store.Commit([Write("a", 0)], default)).ShouldBe(CommitResult.Committed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_WhoseConnectionBreaksInIt_IsWrittenOnce(bool isSeenByTheServer)
    {
        await using var lab = await PostgresLab.Create(server);
        await using var proxy = new CuttingProxy(server.Port);
        await using var store = await DocumentStores.Open(lab.Url.Replace($":{server.Port}/", $":{proxy.Port}/", StringComparison.Ordinal), TimeProvider.System, null, default);
        await store.AcquireLease("test", _ => { }, Deadline.Token());
        await store.Commit([Write("a", 0)], default);

        proxy.CutOnce("COMMIT", isSeenByTheServer);
        var result = await store.Commit([Write("a", 1), Write("b", 0)], default).WithDeadline();

        proxy.Cuts.ShouldBe(1);
        result.ShouldBe(CommitResult.Committed);
        (await store.Get(Key("a"), default))!.Version.ShouldBe(2);
        (await store.CurrentSequence(default)).ShouldBe(3);
    }

    [Theory]
    [InlineData("FOR UPDATE")]
    [InlineData("INSERT INTO sanbashi_documents")]
    public async Task Commit_WhoseConnectionBreaksBefore_IsTriedAgain(string statement)
    {
        await using var lab = await PostgresLab.Create(server);
        await using var proxy = new CuttingProxy(server.Port);
        var url = $"{lab.Url.Replace($":{server.Port}/", $":{proxy.Port}/", StringComparison.Ordinal)}&Max%20Auto%20Prepare=0";
        await using var store = await DocumentStores.Open(url, TimeProvider.System, null, default);
        await store.AcquireLease("test", _ => { }, Deadline.Token());

        proxy.CutOnce(statement, isSeenByTheServer: true);
        (await store.Commit([Write("a", 0)], default).WithDeadline()).ShouldBe(CommitResult.Committed);
        proxy.Cuts.ShouldBe(1);
        proxy.CutOnce("SELECT", isSeenByTheServer: false);

        (await store.Get(Key("a"), default))!.Version.ShouldBe(1);
        proxy.Cuts.ShouldBe(2);
    }

    [Fact]
    public async Task ServerCrash_IsOutlivedByReadsAndWatchersAndEndsTheLease()
    {
        await using var own = new PostgresServer();
        await using var lab = await PostgresLab.Create(own);
        var store = await lab.Open();
        var reader = await lab.Open();
        var lease = await store.AcquireLease("test", _ => { }, Deadline.Token());
        await store.Commit([Write("a", 0)], default);
        var watching = reader.Watch(0, default).Take(2);
        var lost = new TaskCompletionSource();
        lease.Lost.Register(lost.SetResult);

        await own.Crash();
        await lost.Task.WithDeadline();
        var reading = reader.Get(Key("a"), default);
        await own.Start();

        (await reading.WithDeadline()).ShouldNotBeNull();
        var next = await store.AcquireLease("test", _ => { }, Deadline.Token());
        next.FencingNumber.ShouldBeGreaterThan(lease.FencingNumber);
        await store.Commit([Write("b", 0)], default);
        (await watching.WithDeadline()).Select(c => c.Key.Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task ServerCrash_WhileWaitingForTheLease_GoesOnWaiting()
    {
        await using var own = new PostgresServer();
        await using var lab = await PostgresLab.Create(own);
        var first = await lab.OpenAsLeader();
        var second = await lab.Open();
        var told = new TaskCompletionSource();
        var waiting = second.AcquireLease("second", _ => told.TrySetResult(), Deadline.Token());
        await told.Task.WithDeadline();

        await own.Crash();
        await own.Start();

        await (await waiting.WithDeadline()).DisposeAsync();
        await Should.ThrowAsync<LeaseLostException>(async () => await first.Commit([Write("a")], default));
    }
}
