using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Routing;

/// <summary>
/// One instance as this gateway sees it: its standing and the exchanges that are open on it. It lives as long as the control plane
/// lists it or anything is in flight, across any number of route changes, so the count never restarts.
/// </summary>
/// <param name="open">The revision's count of what is open.</param>
internal sealed class Instance(RoutedService service, string id, int revision, string address, OpenCount open)
{
    private readonly Lock _entering = new();
    private Exchange? _newest;
    private volatile InstanceStanding _standing = InstanceStanding.Gone;
    private OpenCount _open = open;
    private int _requests;
    private int _streams;
    private bool _wasUsed;
    private ITimer? _drainEnd;

    public RoutedService Service { get; } = service;

    public string Id { get; } = id;

    public int Revision { get; } = revision;

    /// <summary>What it speaks; known before it takes the first request.</summary>
    public InstanceProtocol Protocol { get; set; }

    /// <summary><c>host:port</c></summary>
    public string Address { get; } = address;

    /// <summary>What a request target is appended to.</summary>
    public string Origin { get; } = "http://" + address;

    /// <summary>What a client's cookie says when it is to come back here.</summary>
    public string StickyId => field ??= StickyCookie.IdOf(Id);

    /// <summary>What it says to stay with the revision at least.</summary>
    public string StickyRevision => field ??= StickyCookie.RevisionOf(Service.Id, Revision);

    public InstanceStanding Standing => _standing;

    public int InFlight => Volatile.Read(ref _requests) + Volatile.Read(ref _streams);

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
    public Entry TryEnter(Exchange exchange, InstanceRoom room)
    {
        lock (_entering)
        {
            if (_standing != InstanceStanding.Serving)
            {
                return Entry.Closed;
            }

            var isStream = exchange.IsStream && room.MaxStreams is not null;
            if (isStream ? _streams >= room.MaxStreams : _requests >= room.MaxConcurrency)
            {
                return Entry.Full;
            }

            exchange.CountsAsStream = isStream;
            Count(isStream ? 0 : 1, isStream ? 1 : 0);
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
            Count(exchange.CountsAsStream ? 0 : -1, exchange.CountsAsStream ? -1 : 0);
            return _requests + _streams == 0 && _standing is InstanceStanding.Draining or InstanceStanding.Gone;
        }
    }

    /// <summary>Counts an exchange whose answer turned out to be a stream as one from now on. False when there are as many as may be.</summary>
    public bool TryCountAsStream(Exchange exchange, int maxStreams)
    {
        lock (_entering)
        {
            if (exchange.CountsAsStream)
            {
                return true;
            }

            if (_streams >= maxStreams)
            {
                return false;
            }

            exchange.CountsAsStream = true;
            Count(-1, 1);
            return true;
        }
    }

    /// <summary>What is open here is another count's from now on.</summary>
    public void CountIn(OpenCount open)
    {
        lock (_entering)
        {
            if (_open != open)
            {
                _open.Add(-_requests, -_streams);
                open.Add(_requests, _streams);
                _open = open;
            }
        }
    }

    /// <summary>How much of that kind is open; not exact under contention.</summary>
    public int OpenOf(bool isStream) => Volatile.Read(ref isStream ? ref _streams : ref _requests);

    /// <summary>Whether it has had a request since the last call, or has one now.</summary>
    public bool TakeUsed()
    {
        lock (_entering)
        {
            var wasUsed = _wasUsed;
            _wasUsed = _requests + _streams > 0;
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

    /// <summary>Called with the lock held. In this order, the reverse of the reading: an exchange that becomes a stream is never in neither.</summary>
    private void Count(int requests, int streams)
    {
        Volatile.Write(ref _streams, _streams + streams);
        Volatile.Write(ref _requests, _requests + requests);
        _open.Add(requests, streams);
    }

    /// <summary>The longest due time that timers take.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);
}
