using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Contract;

/// <summary>One writer at a time, in every kind of store.</summary>
public abstract class LeaseContract : IAsyncLifetime
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
    public async Task Commit_WithoutLease_IsRefused()
    {
        var store = await Lab.Open();

        (await Should.ThrowAsync<InvalidOperationException>(async () => await store.Commit([Write("a")], default))).Message.ShouldContain("AcquireLease");
        await Should.ThrowAsync<InvalidOperationException>(() => store.Restore(Lab.File("none"), default));
    }

    [Fact]
    public async Task AcquireLease_WhileAnotherHoldsIt_WaitsAndNamesTheHolder()
    {
        var first = await Lab.Open();
        var second = await Lab.Open();
        var lease = await first.AcquireLease("control plane 1 on pier", _ => throw new InvalidOperationException("nobody holds it"), Deadline.Token());
        await first.Commit([Write("a", 0)], default);
        var told = new TaskCompletionSource<string>();

        var waiting = second.AcquireLease("control plane 2", told.SetResult, Deadline.Token());

        (await told.Task.WithDeadline()).ShouldBe("control plane 1 on pier");
        waiting.IsCompleted.ShouldBeFalse();
        (await second.Get(Key("a"), default)).ShouldNotBeNull();
        await Should.ThrowAsync<InvalidOperationException>(async () => await second.Commit([Write("b")], default));

        await lease.DisposeAsync();
        await using var next = await waiting.WithDeadline();
        next.FencingNumber.ShouldBeGreaterThan(lease.FencingNumber);
        (await second.Commit([Write("b", 0)], default)).ShouldBe(CommitResult.Committed);
        await Should.ThrowAsync<LeaseLostException>(async () => await first.Commit([Write("c")], default));
    }

    [Fact]
    public async Task AcquireLease_Cancelled_StopsWaitingAndLetsTheNextHaveIt()
    {
        var first = await Lab.Open();
        var second = await Lab.Open();
        var third = await Lab.Open();
        var lease = await first.AcquireLease("1", _ => { }, Deadline.Token());
        using var stop = new CancellationTokenSource();
        var told = new TaskCompletionSource();
        var waiting = second.AcquireLease("2", _ => told.SetResult(), stop.Token);
        await told.Task.WithDeadline();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WithDeadline());
        var next = third.AcquireLease("3", _ => { }, Deadline.Token());
        await lease.DisposeAsync();

        (await next.WithDeadline()).FencingNumber.ShouldBeGreaterThan(lease.FencingNumber);
    }

    [Fact]
    public async Task AcquireLease_Twice_IsRefused()
    {
        var store = await Lab.OpenAsLeader();

        await Should.ThrowAsync<InvalidOperationException>(async () => await store.AcquireLease("again", _ => { }, default));
    }

    [Fact]
    public async Task AcquireLease_AfterDisposal_Works()
    {
        var store = await Lab.Open();
        var first = await store.AcquireLease("1", _ => { }, Deadline.Token());
        await first.DisposeAsync();
        first.Lost.IsCancellationRequested.ShouldBeFalse();

        await using var second = await store.AcquireLease("2", _ => { }, Deadline.Token());

        second.FencingNumber.ShouldBeGreaterThan(first.FencingNumber);
        (await store.Commit([Write("a")], default)).ShouldBe(CommitResult.Committed);
    }

    [Fact]
    public async Task Dispose_OfTheLeader_LetsTheNextHaveIt()
    {
        var first = await Lab.OpenAsLeader();
        var second = await Lab.Open();
        var told = new TaskCompletionSource();
        var waiting = second.AcquireLease("2", _ => told.SetResult(), Deadline.Token());
        await told.Task.WithDeadline();

        await first.DisposeAsync();

        await waiting.WithDeadline();
        await Should.ThrowAsync<ObjectDisposedException>(async () => await first.Get(Key("a"), default));
    }
}
