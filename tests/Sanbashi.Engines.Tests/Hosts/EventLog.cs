using System.Collections.Concurrent;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>Watches an engine in the background and keeps what it says.</summary>
internal sealed class EventLog : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<EngineEvent> _events = new();
    private readonly Task _watching;

    public EventLog(IContainerEngine engine) => _watching = Task.Run(() => Watch(engine));

    public IReadOnlyList<EngineEvent> Events => [.. _events];

    public async Task<EngineEvent> WaitFor(Func<EngineEvent, bool> wanted, string what)
    {
        EngineEvent? found = null;
        await Eventually.Is(() => Task.FromResult((found = _events.FirstOrDefault(wanted)) is not null || _watching.IsFaulted), what);
        if (found is null)
        {
            await _watching;
        }

        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _watching;
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }

        _stop.Dispose();
    }

    private async Task Watch(IContainerEngine engine)
    {
        await foreach (var change in engine.Watch(_stop.Token))
        {
            _events.Enqueue(change);
        }
    }
}
