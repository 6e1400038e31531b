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
    private readonly OpenCount _open = new();
    private readonly OpenCount _openAtCanary = new();
    private ServiceView _view;
    private uint _rotation;
    private int _turn;

    public RoutedService(ServiceRoute route, TimeProvider timeProvider, ITrafficSignals signals)
    {
        Id = route.ServiceId;
        _timeProvider = timeProvider;
        _signals = signals;
        _view = MakeView(route, [], []);
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
            if (route.Canary?.Revision != View.Route.Canary?.Revision)
            {
                // What was high before was another canary's.
                _openAtCanary.TakeHighest(0);
            }

            // What a revision has open is counted with it, also when it becomes the canary or is none any more.
            foreach (var known in _instances.Values)
            {
                known.CountIn(CountOf(route, known.Revision));
            }

            var serving = Stand(route, route.Instances, route.Limits.Protocol);
            var canaries = route.Canary is { } canary ? Stand(route, canary.Instances, canary.Protocol) : [];

            // New requests read the new view before the leaving instances close, so that one that meets a closed door finds the new view.
            Volatile.Write(ref _view, MakeView(route, serving, canaries));
            var taking = new HashSet<Instance>(serving);
            taking.UnionWith(canaries);
            var draining = new HashSet<Instance>();
            foreach (var listed in route.Draining)
            {
                var instance = Know(route, listed.InstanceId, listed.Revision, listed.Address);
                if (!taking.Contains(instance))
                {
                    instance.DrainUntil(listed.Until, _timeProvider);
                    draining.Add(instance);
                }
            }

            foreach (var listed in route.Resting)
            {
                var instance = Know(route, listed.InstanceId, listed.Revision, listed.Address);
                if (!taking.Contains(instance) && draining.Add(instance))
                {
                    instance.Rest();
                }
            }

            Forget(instance => !taking.Contains(instance) && !draining.Contains(instance));
        }

        Queue.Dispatch();
        Queue.TurnAwayIfHopeless();
    }

    /// <summary>The service is gone: nothing new enters, what is in flight finishes.</summary>
    public void Withdraw()
    {
        var route = View.Route;
        Apply(route with { Hosts = [], Rules = [], Availability = RouteAvailability.Unavailable, Instances = [], Canary = null, Draining = [], Resting = [] });
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
            Volatile.Write(ref _view, MakeView(view.Route, Array.FindAll(view.Instances, other => other != instance), Array.FindAll(view.Canary?.Instances ?? [], other => other != instance)));
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
            Volatile.Write(ref _view, instance.Revision == view.Canary?.Route.Revision
                ? MakeView(view.Route, view.Instances, [.. view.Canary.Instances, instance])
                : MakeView(view.Route, [.. view.Instances, instance], view.Canary?.Instances ?? []));
        }

        Queue.Dispatch();
    }

    /// <summary>
    /// The instance with the fewest requests in flight that has room, with the exchange counted in; null when none has. Among equal ones it is always the
    /// first: with little traffic the others stay without, and may be frozen. Clients that will stay where they are sent are spread instead.
    /// </summary>
    public Instance? TryPick(Exchange exchange)
    {
        while (true)
        {
            var view = View;
            Place(exchange, view);
            var isCanary = view.GoesToCanary(exchange);
            var (instances, room) = isCanary ? (view.Canary!.Instances, view.Canary.Room) : (view.Instances, view.Room);
            if (view.StickyCookieName is not null && TryStay(exchange, view, instances, room) is { } stayed)
            {
                NoteLevel(view, isCanary);
                return stayed;
            }

            if (FewestWithRoom(exchange, view, instances, room) is not { } fewest)
            {
                return null;
            }

            // Full: others were faster, so look again. Closed: the view has been replaced, so read it again.
            if (fewest.TryEnter(exchange, room) == Instance.Entry.Entered)
            {
                NoteLevel(view, isCanary);
                return fewest;
            }
        }
    }

    /// <summary>Decides once for every exchange what it is and whether it is one of the canary's share, so that it waits and is tried again as such.</summary>
    public void Place(Exchange exchange, ServiceView view)
    {
        if (exchange.IsPlaced)
        {
            return;
        }

        exchange.IsPlaced = true;
        exchange.IsStream = view.Room.MaxStreams is not null && StreamRequest.Is(exchange.Context.Request);
        if (view.Canary is { Route.Percent: > 0 } canary)
        {
            var wasSent = view.StickyCookieName is null ? null : WasSentToCanary(exchange, view, canary);
            exchange.WantsCanary = wasSent ?? IsCanarysTurn(canary.Route.Percent);
        }
    }

    /// <summary>
    /// True for exactly so many of every hundred in a row, whatever the number of instances, and spread over the hundred: the factor has nothing in common with
    /// it, and multiples of it fall far apart.
    /// </summary>
    private bool IsCanarysTurn(int percent) => (uint)Interlocked.Increment(ref _turn) % 100 * 61 % 100 < percent;

    /// <summary>What the client's cookie says: that it belongs to the canary, that it does not, or nothing.</summary>
    private static bool? WasSentToCanary(Exchange exchange, ServiceView view, CanaryView canary)
    {
        if (exchange.Context.Request.Cookies[view.StickyCookieName!] is not { } sent)
        {
            return null;
        }

        var (instance, revision) = StickyCookie.Read(sent);
        if (Array.Exists(canary.Instances, other => other.StickyId == instance) || revision == canary.StickyRevision)
        {
            return true;
        }

        return Array.Exists(view.Instances, other => other.StickyId == instance) || revision == canary.StickyBeside ? false : null;
    }

    private Instance? FewestWithRoom(Exchange exchange, ServiceView view, Instance[] instances, InstanceRoom room)
    {
        var isStream = exchange.IsStream && room.MaxStreams is not null;
        Instance? fewest = null;
        var least = isStream ? room.MaxStreams!.Value : room.MaxConcurrency;

        // The count is not exact under contention and need not be.
        var start = view.StickyCookieName is not null && instances.Length > 1 ? (int)(_rotation++ % (uint)instances.Length) : 0;
        for (var i = 0; i < instances.Length && least > 0; i++)
        {
            var candidate = instances[start + i < instances.Length ? start + i : start + i - instances.Length];
            var open = candidate.OpenOf(isStream);
            if (open < least)
            {
                fewest = candidate;
                least = open;
            }
        }

        return fewest;
    }

    /// <summary>The instance that the client's cookie names, if it has room. A full one is not waited for: this request goes elsewhere, the next one may come back.</summary>
    private static Instance? TryStay(Exchange exchange, ServiceView view, Instance[] instances, InstanceRoom room)
    {
        var sent = exchange.Context.Request.Cookies[view.StickyCookieName!] is { } value ? StickyCookie.Read(value).Instance : null;
        exchange.StickyInstance = sent is null ? null : Array.Find(instances, instance => instance.StickyId == sent);
        return exchange.StickyInstance is { } instance && instance.TryEnter(exchange, room) == Instance.Entry.Entered ? instance : null;
    }

    public void Release(Exchange exchange, Instance instance)
    {
        if (instance.Leave(exchange))
        {
            _signals.BecameIdle(instance);
        }

        if (Queue.Waiting > 0)
        {
            Queue.Dispatch();
        }
    }

    /// <summary>Whether streams are counted apart from requests.</summary>
    public bool LimitsStreams => View.Room.MaxStreams is not null;

    /// <summary>The answer has turned out to be a stream. False when the instance has as many of them as it may.</summary>
    public bool TryCountAsStream(Exchange exchange)
    {
        if (View.Room.MaxStreams is not { } most || exchange.CountsAsStream)
        {
            return true;
        }

        if (!exchange.Instance!.TryCountAsStream(exchange, most))
        {
            return false;
        }

        // There is room for another request.
        if (Queue.Waiting > 0)
        {
            Queue.Dispatch();
        }

        return true;
    }

    public void WantCapacity() => _signals.CapacityWanted(this);

    /// <summary>Requests open on all instances.</summary>
    public int InFlight => _open.All + _openAtCanary.All;

    /// <summary>The load of now; with <paramref name="takesHighest"/> the highest since the last call that did.</summary>
    /// <returns>Of the canary: null without one.</returns>
    public (ServiceLoad Serving, ServiceLoad? Canary) Load(bool takesHighest)
    {
        var view = View;
        return (Load(view, isCanary: false, takesHighest), view.Canary is null ? null : Load(view, isCanary: true, takesHighest));
    }

    /// <summary>Whether the load is more than the number of what is open and waiting.</summary>
    public bool HasLoadOfItsOwn => View is { Canary: not null } or { Room.MaxStreams: not null };

    private ServiceLoad Load(ServiceView view, bool isCanary, bool takesHighest)
    {
        var (open, room) = isCanary ? (_openAtCanary, view.Canary!.Room) : (_open, view.Room);
        var (requests, streams) = (open.Requests, open.Streams);
        var inFlight = room.Weigh(requests, streams);
        var (waitingRequests, waitingStreams) = Queue.WaitingFor(view, isCanary);
        var all = room.Weigh(requests + waitingRequests, streams + waitingStreams);
        return new ServiceLoad(inFlight, all - inFlight, takesHighest ? open.TakeHighest(all) : all);
    }

    /// <summary>Remembers how much is open and waiting.</summary>
    public void NoteLevel(ServiceView view, bool isCanary)
    {
        var (open, room) = isCanary ? (_openAtCanary, view.Canary!.Room) : (_open, view.Room);
        var (requests, streams) = (open.Requests, open.Streams);
        if (Queue.Waiting > 0)
        {
            var waiting = Queue.WaitingFor(view, isCanary);
            (requests, streams) = (requests + waiting.Requests, streams + waiting.Streams);
        }

        open.NoteLevel(room.Weigh(requests, streams));
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

    private ServiceView MakeView(ServiceRoute route, Instance[] instances, Instance[] canaries)
    {
        var canary = route.Canary is not { } listed ? null : new CanaryView(listed, canaries, new InstanceRoom(Math.Max(1, listed.MaxConcurrency), route.Limits.MaxStreams))
        {
            StickyRevision = StickyCookie.RevisionOf(Id, listed.Revision),
            StickyBeside = StickyCookie.RevisionOf(Id, listed.Beside),
        };
        return new ServiceView(route, instances, canary, _timeProvider.TimestampFrequency);
    }

    private OpenCount CountOf(ServiceRoute route, int revision) => revision == route.Canary?.Revision ? _openAtCanary : _open;

    private Instance[] Stand(ServiceRoute route, IReadOnlyList<RouteInstance> listed, InstanceProtocol protocol)
    {
        var instances = new Instance[listed.Count];
        for (var i = 0; i < instances.Length; i++)
        {
            var instance = Know(route, listed[i].InstanceId, listed[i].Revision, listed[i].Address);
            instance.Protocol = protocol;
            instance.Stand(InstanceStanding.Serving);
            instances[i] = instance;
        }

        return instances;
    }

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

    private Instance Know(ServiceRoute route, string id, int revision, string address)
    {
        if (!_instances.TryGetValue((id, address), out var instance))
        {
            instance = new Instance(this, id, revision, address, CountOf(route, revision));
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
