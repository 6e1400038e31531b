using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Contract;

/// <summary>What every store promises. Each kind of store runs all of it.</summary>
public abstract class DocumentStoreContract : IAsyncLifetime
{
    private StoreLab? _lab;

    private protected StoreLab Lab => _lab!;

    public async ValueTask InitializeAsync() => _lab = await CreateLab();

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task<StoreLab> CreateLab();

    [Fact]
    public async Task Commit_OfANewDocument_CanBeReadByEveryone()
    {
        var store = await Lab.OpenAsLeader();
        var another = await Lab.Open();

        var result = await store.Commit([Write("a", 0, """{"x":"é 漢 🚢 \u0000"}""", name: "web", parent: "p")], default);

        result.ShouldBe(CommitResult.Committed);
        var document = await another.Get(Key("a"), default);
        document.ShouldBe(new Document(Key("a"), "web", "p", 1, 1, """{"x":"é 漢 🚢 \u0000"}"""));
        (await another.Get(Key("b"), default)).ShouldBeNull();
        (await another.Get(Key("a", "revision"), default)).ShouldBeNull();
        (await another.Get(Key("a", scope: OtherScope), default)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0L, CommitResult.Conflict)]
    [InlineData(1L, CommitResult.Conflict)]
    [InlineData(2L, CommitResult.Committed)]
    [InlineData(3L, CommitResult.Conflict)]
    [InlineData(null, CommitResult.Committed)]
    public async Task Commit_OnVersionTwo_FitsOnlyVersionTwoOrAny(long? expected, CommitResult result)
    {
        var store = await Lab.OpenAsLeader();
        await store.Commit([Write("a", 0, name: "n", parent: "p")], default);
        await store.Commit([Write("a", 1)], default);

        (await store.Commit([Write("a", expected, "3", parent: "q")], default)).ShouldBe(result);

        var document = (await store.Get(Key("a"), default))!;
        (document.Version, document.Parent, document.Body, document.CreatedSequence).ShouldBe(
            result == CommitResult.Committed ? (3, "q", "3", 1) : (2, null, "{}", 1));
    }

    [Theory]
    [InlineData(0L, CommitResult.Committed)]
    [InlineData(null, CommitResult.Committed)]
    [InlineData(1L, CommitResult.Conflict)]
    public async Task Commit_OnNothing_FitsOnlyZeroOrAny(long? expected, CommitResult result)
    {
        var store = await Lab.OpenAsLeader();

        (await store.Commit([Write("a", expected)], default)).ShouldBe(result);
        (await store.Commit([Delete("b", expected)], default)).ShouldBe(result);

        (await store.CurrentSequence(default)).ShouldBe(result == CommitResult.Committed ? 1 : 0);
    }

    [Fact]
    public async Task Commit_WithOneConflict_WritesNothing()
    {
        var store = await Lab.OpenAsLeader();
        await store.Commit([Write("a", 0)], default);

        (await store.Commit([Write("b", 0), Write("a", 5), Write("c", 0)], default)).ShouldBe(CommitResult.Conflict);

        (await store.Query(new DocumentQuery("service"), default)).Select(d => d.Key.Id).ShouldBe(["a"]);
        (await store.CurrentSequence(default)).ShouldBe(1);
    }

    [Fact]
    public async Task Commit_WithSeveralWritesOfOneDocument_AppliesThemInOrder()
    {
        var store = await Lab.OpenAsLeader();

        (await store.Commit([Write("a", 0, "1"), Write("a", 1, "2"), Delete("a", 2), Write("a", 0, "3")], default)).ShouldBe(CommitResult.Committed);

        (await store.Get(Key("a"), default)).ShouldBe(new Document(Key("a"), null, null, 1, 4, "3"));
        (await store.CurrentSequence(default)).ShouldBe(4);
    }

    [Fact]
    public async Task Commit_OfNothing_ChangesNothing()
    {
        var store = await Lab.OpenAsLeader();

        (await store.Commit([], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Delete("a")], default)).ShouldBe(CommitResult.Committed);

        (await store.CurrentSequence(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Commit_WithATakenUniqueName_Conflicts()
    {
        var store = await Lab.OpenAsLeader();
        await store.Commit([Write("a", 0, name: "web")], default);

        (await store.Commit([Write("b", 0, name: "web", unique: true)], default)).ShouldBe(CommitResult.Conflict);
        (await store.Commit([Write("c", 0, name: "Web", unique: true)], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Write("d", 0, name: "web", unique: true, scope: OtherScope)], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Write("e", 0, name: "web", unique: true, kind: "autoscaling")], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Write("a", 1, name: "web", unique: true)], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Write("f", 0, name: "web")], default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task Commit_InOneTransaction_SeesNamesTakenAndFreedBefore()
    {
        var store = await Lab.OpenAsLeader();
        await store.Commit([Write("a", 0, name: "web", unique: true)], default);

        (await store.Commit([Write("b", 0, name: "api", unique: true), Write("c", 0, name: "api", unique: true)], default)).ShouldBe(CommitResult.Conflict);
        (await store.Commit([Write("b", 0, name: "web", unique: true), Delete("a")], default)).ShouldBe(CommitResult.Conflict);
        (await store.Commit([Delete("a"), Write("b", 0, name: "web", unique: true)], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Write("b", 1, name: "old"), Write("c", 0, name: "web", unique: true)], default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task Commit_OfWhatNoStoreCanHold_IsRefused()
    {
        var store = await Lab.OpenAsLeader();

        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("", 0)], default));
        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("a\0b", 0)], default));
        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("a", 0, "\ud800")], default));
        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("a", 0, name: new string('n', 513))], default));
        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("a", 0, unique: true)], default));
        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("a", -1)], default));
        await Should.ThrowAsync<ArgumentException>(async () => await store.Commit([Write("a", kind: "one/two")], default));
        (await store.Commit([Write("a/b", 0, name: "c/d", unique: true)], default)).ShouldBe(CommitResult.Committed);
        (await store.Commit([Write(new string('漢', 512), 0, name: string.Concat(Enumerable.Repeat("🚢", 256)))], default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task Commit_OfALargeBody_IsKeptWhole()
    {
        var store = await Lab.OpenAsLeader();
        var body = $"\"{string.Concat(Enumerable.Repeat("桟橋 ", 300_000))}\"";

        await store.Commit([Write("a", 0, body)], default);

        (await store.Get(Key("a"), default))!.Body.ShouldBe(body);
    }

    [Fact]
    public async Task Query_WithConditions_AnswersWhatMatchesInCreationOrder()
    {
        var store = await Lab.OpenAsLeader();
        await store.Commit([Write("z", 0, name: "n1", parent: "p"), Write("y", 0, name: "n2", parent: "p"), Write("x", 0, name: "n1"), Write("w", 0, scope: OtherScope, name: "n1", parent: "p"), Write("v", 0, kind: "revision", parent: "p")], default);
        await store.Commit([Write("z", 1, "updated", name: "n1", parent: "p")], default);

        async Task<string> Ids(DocumentQuery query) => string.Concat((await store.Query(query, default)).Select(d => d.Key.Id));
        var services = new DocumentQuery("service");
        (await Ids(services)).ShouldBe("zyxw");
        (await Ids(services with { NewestFirst = true })).ShouldBe("wxyz");
        (await Ids(services with { Scope = Scope })).ShouldBe("zyx");
        (await Ids(services with { Scope = new("000000000000", "none") })).ShouldBe("");
        (await Ids(services with { Name = "n1" })).ShouldBe("zxw");
        (await Ids(services with { Parent = "p" })).ShouldBe("zyw");
        (await Ids(services with { Parent = "p", Name = "n1", Scope = Scope })).ShouldBe("z");
        (await Ids(services with { Limit = 2 })).ShouldBe("zy");
        (await Ids(services with { Limit = 2, AfterCreated = 2 })).ShouldBe("xw");
        (await Ids(services with { Limit = 2, AfterCreated = 3, NewestFirst = true })).ShouldBe("yz");
        (await Ids(services with { Limit = 0 })).ShouldBe("");
        (await Ids(new DocumentQuery("revision"))).ShouldBe("v");
        (await Ids(new DocumentQuery("none"))).ShouldBe("");
    }

    [Fact]
    public async Task Watch_FromTheStart_TellsAllChangesThenLiveOnes()
    {
        var store = await Lab.OpenAsLeader();
        var another = await Lab.Open();
        await store.Commit([Write("a", 0), Write("b", 0)], default);
        await store.Commit([Delete("a")], default);

        await using var mine = store.Watch(0, Deadline.Token()).GetAsyncEnumerator();
        await using var theirs = another.Watch(2, Deadline.Token()).GetAsyncEnumerator();
        async Task<DocumentChange> Next(IAsyncEnumerator<DocumentChange> changes)
        {
            (await changes.MoveNextAsync()).ShouldBeTrue();
            return changes.Current;
        }

        (await Next(mine)).ShouldBe(new DocumentChange(1, Key("a"), false));
        (await Next(mine)).ShouldBe(new DocumentChange(2, Key("b"), false));
        (await Next(mine)).ShouldBe(new DocumentChange(3, Key("a"), true));
        (await Next(theirs)).ShouldBe(new DocumentChange(3, Key("a"), true));
        var (my, their) = (Next(mine), Next(theirs));
        await store.Commit([Write("c", 0)], default);
        (await my).ShouldBe(new DocumentChange(4, Key("c"), false));
        (await their).ShouldBe(new DocumentChange(4, Key("c"), false));
    }

    [Fact]
    public async Task Watch_Cancelled_EndsTheWait()
    {
        var store = await Lab.OpenAsLeader();
        using var stop = new CancellationTokenSource();
        await using var changes = store.Watch(0, stop.Token).GetAsyncEnumerator(default);
        var next = changes.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => next.WithDeadline());
    }

    [Fact]
    public async Task Watch_OfMoreThanIsKept_SaysSo()
    {
        var store = await Lab.OpenAsLeader(new DocumentStoreOptions { KeptChanges = 100 });
        for (var i = 0; i < 111; i++)
        {
            await store.Commit([Write("a")], default);
        }

        (await store.Watch(11, default).Take(100)).Select(c => c.Sequence).ShouldBe(Enumerable.Range(12, 100).Select(i => (long)i));
        (await store.Watch(0, default).Take(1)).Single().Sequence.ShouldBe(12);
        (await Should.ThrowAsync<ChangeFeedGapException>(() => store.Watch(10, default).Take(1))).KeptAfterSequence.ShouldBe(11);
        (await Should.ThrowAsync<ChangeFeedGapException>(() => store.Watch(112, default).Take(1))).CurrentSequence.ShouldBe(111);
    }

    [Fact]
    public async Task Watch_OfManyCommits_MissesNone()
    {
        var store = await Lab.OpenAsLeader();
        var watching = store.Watch(0, default).Take(1000);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.Commit([Write($"a{i}"), Write($"b{i}")], default)));

        (await watching).Select(c => c.Sequence).ShouldBe(Enumerable.Range(1, 1000).Select(i => (long)i));
    }

    [Fact]
    public async Task Commit_BySixteenAtOnceOnOneDocument_LetsOneWinPerVersion()
    {
        var store = await Lab.OpenAsLeader();
        const int writers = 16;
        const int versions = 20;
        var won = 0;
        async Task Race(int writer)
        {
            for (var version = 0; version < versions;)
            {
                var result = await store.Commit([Write("a", version, $"{writer}")], default);
                if (result == CommitResult.Committed)
                {
                    Interlocked.Increment(ref won);
                }

                version = (int)((await store.Get(Key("a"), default))?.Version ?? 0);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(() => Race(w)))).WithDeadline();

        (await store.Get(Key("a"), default))!.Version.ShouldBe(won);
        (await store.CurrentSequence(default)).ShouldBe(won);
    }

    [Fact]
    public async Task Commit_BySixteenAtOnceWithOneUniqueName_LetsOneWin()
    {
        var store = await Lab.OpenAsLeader();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => store.Commit([Write($"s{i}", 0, name: "web", unique: true)], default))));

        results.Count(r => r == CommitResult.Committed).ShouldBe(1);
        (await store.Query(new DocumentQuery("service") { Name = "web" }, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_Cancelled_ThrowsBeforeItWrites()
    {
        var store = await Lab.OpenAsLeader();

        await Should.ThrowAsync<OperationCanceledException>(async () => await store.Commit([Write("a")], new CancellationToken(true)));

        (await store.CurrentSequence(default)).ShouldBe(0);
    }
}
