using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Exchanges;

/// <summary>
/// Ends exchanges whose time is over. One clock looks at all of them in an interval, instead of a timer each, which would cost every request two
/// changes to a shared timer queue for the sake of the few that run out. It rests while nothing is open.
/// </summary>
internal sealed class DeadlineClock : IAsyncDisposable
{
    private readonly RoutingState _routing;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private readonly List<OverdueExchange> _overdue = [];
    private int _isRunning;

    public DeadlineClock(RoutingState routing, TimeProvider timeProvider)
    {
        _routing = routing;
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(static state => ((DeadlineClock)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called when a request has been counted in.</summary>
    public void Run()
    {
        if (Volatile.Read(ref _isRunning) == 0 && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            _timer.Change(GatewayDefaults.DeadlineResolution, Timeout.InfiniteTimeSpan);
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        if (EndOverdue() == 0)
        {
            // A request that came in since finds the clock at rest and starts it; one that came in before is seen by the second look.
            Interlocked.Exchange(ref _isRunning, 0);
            if (EndOverdue() == 0 || Interlocked.Exchange(ref _isRunning, 1) == 1)
            {
                return;
            }
        }

        _timer.Change(GatewayDefaults.DeadlineResolution, Timeout.InfiniteTimeSpan);
    }

    private int EndOverdue()
    {
        // Found under the locks of what is looked at, ended outside of them: an end may write to a client.
        _overdue.Clear();
        var open = _routing.AddOverdue(_timeProvider.GetTimestamp(), _overdue);
        foreach (var (exchange, reason, turn) in _overdue)
        {
            exchange.End(reason, turn);
        }

        return open;
    }
}
