using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Routing;

/// <summary>
/// One instance as this gateway sees it: its standing and the exchanges that are open on it. It lives as long as the control plane
/// lists it or anything is in flight, across any number of route changes, so the count never restarts.
/// </summary>
internal sealed class Instance(RoutedService service, string id, string address)
{
    private readonly Lock _entering = new();
    private Exchange? _newest;
    private volatile InstanceStanding _standing = InstanceStanding.Gone;
    private int _inFlight;
    private bool _wasUsed;
    private ITimer? _drainEnd;

    public RoutedService Service { get; } = service;

    public string Id { get; } = id;

    /// <summary><c>host:port</c></summary>
    public string Address { get; } = address;

    /// <summary>What a request target is appended to.</summary>
    public string Origin { get; } = "http://" + address;

    /// <summary>What a client's cookie says when it is to come back here.</summary>
    public string StickyId => field ??= StickyCookie.IdOf(Id);

    public InstanceStanding Standing => _standing;

    public int InFlight => Volatile.Read(ref _inFlight);

    public enum Entry
    {
        Entered,
        Full,
        Closed,
    }

    /// <summary>
    /// Counts the exchange in if the instance takes new requests. One short lock makes this and <see cref="Stand"/> exclusive: once an instance
    /// no longer stands as serving, nothing can enter any more, and whatever entered before is in the count.
    /// </summary>
    public Entry TryEnter(Exchange exchange, int maxConcurrency)
    {
        lock (_entering)
        {
            if (_standing != InstanceStanding.Serving)
            {
                return Entry.Closed;
            }

            if (_inFlight >= maxConcurrency)
            {
                return Entry.Full;
            }

            _inFlight++;
            _wasUsed = true;
            exchange.Older = _newest;
            exchange.Newer = null;
            if (_newest is not null)
            {
                _newest.Newer = exchange;
            }

            _newest = exchange;
            return Entry.Entered;
        }
    }

    /// <summary>Counts the exchange out. True when this was the last one of an instance that takes no new ones.</summary>
    public bool Leave(Exchange exchange)
    {
        lock (_entering)
        {
            if (exchange.Newer is null)
            {
                _newest = exchange.Older;
            }
            else
            {
                exchange.Newer.Older = exchange.Older;
            }

            if (exchange.Older is not null)
            {
                exchange.Older.Newer = exchange.Newer;
            }

            exchange.Older = exchange.Newer = null;
            return --_inFlight == 0 && _standing is InstanceStanding.Draining or InstanceStanding.Gone;
        }
    }

    /// <summary>Whether it has had a request since the last call, or has one now.</summary>
    public bool TakeUsed()
    {
        lock (_entering)
        {
            var wasUsed = _wasUsed;
            _wasUsed = _inFlight > 0;
            return wasUsed;
        }
    }

    /// <summary>Takes nothing new, and what is open finishes in its own time.</summary>
    public void Rest()
    {
        Stand(InstanceStanding.Draining);
        lock (_entering)
        {
            _drainEnd?.Dispose();
            _drainEnd = null;
        }
    }

    public void Stand(InstanceStanding standing)
    {
        lock (_entering)
        {
            _standing = standing;
            if (standing is InstanceStanding.Serving or InstanceStanding.Ejected)
            {
                _drainEnd?.Dispose();
                _drainEnd = null;
            }
        }
    }

    /// <summary>From serving to ejected; false when it stands otherwise (another request was first, or the route changed).</summary>
    public bool TryEject()
    {
        lock (_entering)
        {
            if (_standing != InstanceStanding.Serving)
            {
                return false;
            }

            _standing = InstanceStanding.Ejected;
            return true;
        }
    }

    /// <summary>Drains: takes nothing new, and ends what is still open at <paramref name="until"/>.</summary>
    public void DrainUntil(DateTimeOffset until, TimeProvider timeProvider)
    {
        var left = until - timeProvider.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            Stand(InstanceStanding.Draining);
            EndAll(EndReason.Drained);
            return;
        }

        if (left > LongestTimer)
        {
            left = LongestTimer;
        }

        lock (_entering)
        {
            _standing = InstanceStanding.Draining;
            if (_drainEnd is null)
            {
                _drainEnd = timeProvider.CreateTimer(static state => ((Instance)state!).EndAll(EndReason.Drained), this, left, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _drainEnd.Change(left, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Asks every open exchange to end, each in the way of its kind.</summary>
    public void EndAll(EndReason reason)
    {
        List<(Exchange Exchange, long Turn)> open = [];
        lock (_entering)
        {
            for (var exchange = _newest; exchange is not null; exchange = exchange.Older)
            {
                open.Add((exchange, exchange.Turn));
            }
        }

        foreach (var (exchange, turn) in open)
        {
            exchange.End(reason, turn);
        }
    }

    /// <summary>Adds the exchanges whose time is over.</summary>
    public void AddOverdue(long now, List<OverdueExchange> overdue)
    {
        lock (_entering)
        {
            for (var exchange = _newest; exchange is not null; exchange = exchange.Older)
            {
                if (exchange.OverAt(now) is var reason and not EndReason.None)
                {
                    overdue.Add(new OverdueExchange(exchange, reason, exchange.Turn));
                }
            }
        }
    }

    /// <summary>The longest due time that timers take.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);
}
