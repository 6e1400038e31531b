using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage.Tests.InMemory;

public sealed class InMemoryDeterminismTests
{
    private static readonly ResourceScope Scope = new("000000000000", "local-1");

    [Fact]
    public async Task Commit_WithAWatcher_WakesItBeforeItReturns()
    {
        await using var store = new InMemoryDocumentStore();
        await using var lease = await store.AcquireLease("one", _ => { }, default);
        await using var changes = store.Watch(0, default).GetAsyncEnumerator();
        var next = changes.MoveNextAsync();
        next.IsCompleted.ShouldBeFalse();

        var commit = store.Commit([new DocumentWrite(new DocumentKey("service", Scope, "a"), 0, "{}")], default);

        commit.IsCompletedSuccessfully.ShouldBeTrue();
        next.IsCompletedSuccessfully.ShouldBeTrue();
        (await next).ShouldBeTrue();
        changes.Current.Sequence.ShouldBe(1);
    }

    [Fact]
    public async Task Kill_WithAWaiter_GrantsItTheLeaseBeforeItReturns()
    {
        await using var first = new InMemoryDocumentStore();
        await using var second = first.OpenAnother();
        var lost = await first.AcquireLease("one", _ => { }, default);
        var holder = "";
        var waiting = second.AcquireLease("two", h => holder = h, default);
        waiting.IsCompleted.ShouldBeFalse();
        holder.ShouldBe("one");

        first.Kill();

        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        (await waiting).FencingNumber.ShouldBeGreaterThan(lost.FencingNumber);
        lost.Lost.IsCancellationRequested.ShouldBeTrue();
        await Should.ThrowAsync<ObjectDisposedException>(() => first.Commit([], default));
    }
}
