using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Access;
using Sanbashi.Gateway.Admission;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Traffic;

namespace Sanbashi.Gateway.Routing;

/// <summary>A service with its instances, its waiting requests and its counters. Outlives every route it is given.</summary>
internal sealed class RoutedService
{
    private readonly TimeProvider _timeProvider;
    private readonly ITrafficSignals _signals;
    private readonly Lock _changing = new();
    private readonly Dictionary<(string Id, string Address), Instance> _instances = [];
    private ServiceView _view;
    private int _open;
    private int _highest;
    private uint _rotation;

    public RoutedService(ServiceRoute route, TimeProvider timeProvider, ITrafficSignals signals)
    {
        Id = route.ServiceId;
        _timeProvider = timeProvider;
        _signals = signals;
        _view = MakeView(route, []);
        Queue = new AdmissionQueue(this, timeProvider);
    }

    public string Id { get; }

    public ServiceView View => Volatile.Read(ref _view);

    public AdmissionQueue Queue { get; }

    public ServiceCounters Counters { get; } = new();

    public ServiceAccess Access { get; } = new();

    /// <summary>
    /// Takes over a route. Every instance it lists as serving is thereby confirmed; what it does not list takes no new request from the moment this returns.
    /// </summary>
    public void Apply(ServiceRoute route)
    {
        lock (_changing)
        {
            var serving = new List<Instance>(route.Instances.Count);
            foreach (var listed in route.Instances)
            {
                var instance = Know(listed.InstanceId, listed.Address);
                instance.Stand(InstanceStanding.Serving);
                serving.Add(instance);
            }

            // New requests read the new view before the leaving instances close, so that one that meets a closed door finds the new view.
            Volatile.Write(ref _view, MakeView(route, [.. serving]));
            var draining = new HashSet<Instance>();
            foreach (var listed in route.Draining)
            {
                var instance = Know(listed.InstanceId, listed.Address);
                if (!serving.Contains(instance))
                {
                    instance.DrainUntil(listed.Until, _timeProvider);
                    draining.Add(instance);
                }
            }

            foreach (var listed in route.Resting)
            {
                var instance = Know(listed.InstanceId, listed.Address);
                if (!serving.Contains(instance) && draining.Add(instance))
                {
                    instance.Rest();
                }
            }

            Forget(instance => !serving.Contains(instance) && !draining.Contains(instance));
        }

        Queue.Dispatch();
        Queue.TurnAwayIfHopeless();
    }

    /// <summary>The service is gone: nothing new enters, what is in flight finishes.</summary>
    public void Withdraw()
    {
        var route = View.Route;
        Apply(route with { Hosts = [], Rules = [], Availability = RouteAvailability.Unavailable, Instances = [], Draining = [], Resting = [] });
    }

    /// <summary>Stops sending to an instance that does not answer. Returns whether this call was the one that ejected it.</summary>
    public bool Eject(Instance instance, string reason)
    {
        lock (_changing)
        {
            if (!instance.TryEject())
            {
                return false;
            }

            var view = View;
            Volatile.Write(ref _view, MakeView(view.Route, Array.FindAll(view.Instances, other => other != instance)));
        }

        _signals.Ejected(instance, reason);
        return true;
    }

    /// <summary>Takes an ejected instance back; only for when no control plane is there to confirm it.</summary>
    public void Readmit(Instance instance)
    {
        lock (_changing)
        {
            if (instance.Standing != InstanceStanding.Ejected)
            {
                return;
            }

            instance.Stand(InstanceStanding.Serving);
            var view = View;
            Volatile.Write(ref _view, MakeView(view.Route, [.. view.Instances, instance]));
        }

        Queue.Dispatch();
    }

    /// <summary>
    /// The instance with the fewest requests in flight that has room, with the exchange counted in; null when none has. Among equal ones it is always the
    /// first: with little traffic the others stay without, and may be frozen. Clients that will stay where they are sent are spread instead.
    /// </summary>
    public Instance? TryPick(Exchange exchange)
    {
        var picked = Pick(exchange);
        if (picked is not null)
        {
            NoteHighest(Interlocked.Increment(ref _open) + Queue.Waiting);
        }

        return picked;
    }

    private Instance? Pick(Exchange exchange)
    {
        while (true)
        {
            var view = View;
            if (view.StickyCookieName is not null && TryStay(exchange, view) is { } stayed)
            {
                return stayed;
            }

            var instances = view.Instances;
            var max = view.MaxConcurrency;
            Instance? fewest = null;
            var least = max;

            // The count is not exact under contention and need not be.
            var start = view.StickyCookieName is not null && instances.Length > 1 ? (int)(_rotation++ % (uint)instances.Length) : 0;
            for (var i = 0; i < instances.Length && least > 0; i++)
            {
                var candidate = instances[start + i < instances.Length ? start + i : start + i - instances.Length];
                var inFlight = candidate.InFlight;
                if (inFlight < least)
                {
                    fewest = candidate;
                    least = inFlight;
                }
            }

            if (fewest is null)
            {
                return null;
            }

            // Full: others were faster, so look again. Closed: the view has been replaced, so read it again.
            if (fewest.TryEnter(exchange, max) == Instance.Entry.Entered)
            {
                return fewest;
            }
        }
    }

    /// <summary>The instance that the client's cookie names, if it has room. A full one is not waited for: this request goes elsewhere, the next one may come back.</summary>
    private static Instance? TryStay(Exchange exchange, ServiceView view)
    {
        var sent = exchange.Context.Request.Cookies[view.StickyCookieName!];
        exchange.StickyInstance = sent is null ? null : Array.Find(view.Instances, instance => instance.StickyId == sent);
        return exchange.StickyInstance is { } instance && instance.TryEnter(exchange, view.MaxConcurrency) == Instance.Entry.Entered ? instance : null;
    }

    public void Release(Exchange exchange, Instance instance)
    {
        Interlocked.Decrement(ref _open);
        if (instance.Leave(exchange))
        {
            _signals.BecameIdle(instance);
        }

        if (Queue.Waiting > 0)
        {
            Queue.Dispatch();
        }
    }

    public void WantCapacity() => _signals.CapacityWanted(this);

    /// <summary>Requests open on all instances.</summary>
    public int InFlight => Volatile.Read(ref _open);

    /// <summary>The most that were open and waiting together since the last call.</summary>
    public int TakeHighest()
    {
        var now = InFlight + Queue.Waiting;
        return Math.Max(now, Interlocked.Exchange(ref _highest, now));
    }

    /// <summary>Remembers a level of open and waiting requests together.</summary>
    public void NoteHighest(int level)
    {
        var highest = Volatile.Read(ref _highest);
        while (level > highest)
        {
            var before = Interlocked.CompareExchange(ref _highest, level, highest);
            if (before == highest)
            {
                return;
            }

            highest = before;
        }
    }

    /// <summary>Instances that are listed or still have requests.</summary>
    public List<Instance> Instances()
    {
        lock (_changing)
        {
            Forget(static instance => instance.Standing == InstanceStanding.Gone);
            return [.. _instances.Values];
        }
    }

    private ServiceView MakeView(ServiceRoute route, Instance[] instances) => new(route, instances, _timeProvider.TimestampFrequency);

    /// <summary>Adds what has used up its time, and returns how many requests are open.</summary>
    public int AddOverdue(long now, List<OverdueExchange> overdue)
    {
        var open = 0;
        lock (_changing)
        {
            foreach (var instance in _instances.Values)
            {
                if (instance.InFlight > 0)
                {
                    open += instance.InFlight;
                    instance.AddOverdue(now, overdue);
                }
            }
        }

        return open;
    }

    private Instance Know(string id, string address)
    {
        if (!_instances.TryGetValue((id, address), out var instance))
        {
            instance = new Instance(this, id, address);
            _instances.Add((id, address), instance);
        }

        return instance;
    }

    private void Forget(Func<Instance, bool> isGone)
    {
        foreach (var (key, instance) in _instances)
        {
            if (isGone(instance))
            {
                instance.Stand(InstanceStanding.Gone);
                if (instance.InFlight == 0)
                {
                    _instances.Remove(key);
                }
            }
        }
    }
}
