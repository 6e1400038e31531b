using System.Threading.Channels;
using Sanbashi.ControlPlane.Hosting;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Hosting;

public sealed class StoreLoopTests : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);

    private readonly InMemoryDocumentStore _store = new();
    private readonly Channel<int> _passes = Channel.CreateUnbounded<int>();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<Exception> _failures = [];
    private Func<DateTimeOffset?> _next = static () => null;
    private Task _running = Task.CompletedTask;
    private int _count;

    [Fact]
    public async Task Change_OfAKind_BringsAPassThatSeesIt()
    {
        await Start();
        var before = await Seen();

        for (var i = 0; i < 50; i++)
        {
            await Write("watched", $"{i}");
        }

        while (await Seen() is var seen && seen < 50)
        {
            seen.ShouldBeGreaterThanOrEqualTo(before);
        }

        // Fifty writes in a row are a few passes, not fifty.
        _count.ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Pass_ThatAsksForAnother_GetsItThoughNothingChanges()
    {
        _next = static () => TimeProvider.System.GetUtcNow().AddMilliseconds(20);
        await Start();

        for (var i = 0; i < 5; i++)
        {
            await Seen();
        }
    }

    [Fact]
    public async Task Pass_ThatFails_IsToldAndRepeatedWithTheNextChange()
    {
        _next = () => _count == 1 ? throw new StoreException("no room") : null;
        await Start();
        await Seen();

        await Write("watched", "x");

        while (await Seen() < 1)
        {
            // The pass that looks once more at the start.
        }

        _failures.ShouldHaveSingleItem().Message.ShouldBe("no room");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        _stop.Dispose();
        await _store.DisposeAsync();
    }

    private async Task Start()
    {
        await _store.AcquireLease("test", static _ => { }, _stop.Token);
        _running = new StoreLoop(_store, ["watched"], Pass, _failures.Add, TimeProvider.System).Run(_stop.Token);
    }

    private async Task<DateTimeOffset?> Pass(CancellationToken cancellationToken)
    {
        _count++;
        await _passes.Writer.WriteAsync((await _store.Query(new DocumentQuery("watched"), cancellationToken)).Count, cancellationToken);
        return _next();
    }

    /// <summary>How many documents the next pass sees.</summary>
    private async Task<int> Seen()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_deadline);
        return await _passes.Reader.ReadAsync(limit.Token);
    }

    private Task Write(string kind, string id) => _store.Commit([new DocumentWrite(new DocumentKey(kind, new ResourceScope("a", "r"), id), 0, "{}")], _stop.Token);
}
