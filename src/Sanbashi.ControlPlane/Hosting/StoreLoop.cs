using System.Collections.Frozen;
using System.Threading.Channels;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>
/// Brings something about again and again: at the start, when documents of certain kinds have changed, and when the last pass asked for it. A pass finds out everything
/// anew, so nothing is lost with the process.
/// </summary>
/// <param name="pass">Says when to look again though nothing changes; null for never.</param>
/// <param name="onFailure">Told of a pass that failed, which is repeated.</param>
internal sealed class StoreLoop(
    IDocumentStore store, IReadOnlyList<string> kinds, Func<CancellationToken, Task<DateTimeOffset?>> pass, Action<Exception> onFailure, TimeProvider timeProvider)
{
    /// <summary>Changes that follow one another within this are one: whoever writes several values is done then.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Changes without end are not waited for.</summary>
    public static readonly TimeSpan LongestUnrest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _restAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Timers have a limit.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);

    private readonly FrozenSet<string> _kinds = kinds.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Holds whether something changed, not what.</summary>
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Until cancelled, or until another process has taken over the store.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var watching = Watch(cancellationToken);
        try
        {
            while (true)
            {
                var next = await Pass(cancellationToken);
                if (await HasChanged(next is { } at ? at - timeProvider.GetUtcNow() : _longestWait, cancellationToken))
                {
                    var began = timeProvider.GetUtcNow();
                    while (timeProvider.GetUtcNow() - began < LongestUnrest && await HasChanged(Quiet, cancellationToken))
                    {
                        // Not quiet yet.
                    }
                }
            }
        }
        catch (LeaseLostException)
        {
            // Whoever has it does this now.
        }
        finally
        {
            await watching;
        }
    }

    private async Task<DateTimeOffset?> Pass(CancellationToken cancellationToken)
    {
        try
        {
            return await pass(cancellationToken);
        }
        catch (Exception failure) when (failure is not LeaseLostException && !cancellationToken.IsCancellationRequested)
        {
            onFailure(failure);
            return timeProvider.GetUtcNow() + _restAfterFailure;
        }
    }

    private async Task<bool> HasChanged(TimeSpan within, CancellationToken cancellationToken)
    {
        if (_changes.Reader.TryRead(out _))
        {
            return true;
        }

        if (within <= TimeSpan.Zero)
        {
            return false;
        }

        using var limit = new CancellationTokenSource(within < _longestWait ? within : _longestWait, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _changes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task Watch(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    // What is written between a pass and this is looked at once more.
                    var from = await store.CurrentSequence(cancellationToken);
                    _changes.Writer.TryWrite(true);
                    await foreach (var change in store.Watch(from, cancellationToken))
                    {
                        if (_kinds.Contains(change.Key.Kind))
                        {
                            _changes.Writer.TryWrite(true);
                        }
                    }
                }
                catch (ChangeFeedGapException)
                {
                    // Fell behind: the next pass looks at everything anyway.
                }
                catch (StoreException failure)
                {
                    onFailure(failure);
                    await Task.Delay(_restAfterFailure, timeProvider, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }
}
