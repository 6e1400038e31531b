using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>
/// A gateway with its users: it serves the last route it has, whatever becomes of the control plane, keeps it over its own restarts, ejects instances that refuse
/// connections, and reports what is in flight.
/// </summary>
internal sealed class SimulatedGateway(World world, string name)
{
    private static readonly TimeSpan _reportInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, GatewayService> _services = new(StringComparer.Ordinal);
    private GatewayLink? _link;
    private bool _hasRoutes;
    private long _sequence;
    private bool _isReportDue;
    private int _life;

    public string Name => name;

    public bool IsUp { get; private set; }

    public bool IsConnected => _link is not null && _hasRoutes;

    public GatewayService? Find(string serviceId) => _services.GetValueOrDefault(serviceId);

    public void Start()
    {
        IsUp = true;
        var life = ++_life;
        Connect(life, TimeSpan.FromMilliseconds(20));
        KeepBusy(life);
    }

    /// <summary>Requests in flight are gone; the routes are on disk.</summary>
    public void Crash()
    {
        world.Trace.Note($"{name} crashes");
        IsUp = false;
        _life++;
        _hasRoutes = false;
        _link?.Close();
        _link = null;
        foreach (var service in _services.Values)
        {
            var route = service.Route;
            service.Instances.Clear();
            (service.Waiting, service.WaitingForCanary, service.Highest, service.HighestOfCanary) = (0, 0, 0, 0);
            Take(service, route);
        }
    }

    public void BreakLink() => _link?.Close();

    public void Disconnected(GatewayLink link)
    {
        if (_link == link)
        {
            (_link, _hasRoutes) = (null, false);
            Connect(_life, world.Between(20, 500));
        }
    }

    public void Receive(GatewayLink link, ControlPlaneMessage message)
    {
        if (link != _link)
        {
            return;
        }

        switch (message)
        {
            case SnapshotMessage { Snapshot: var snapshot, Unsettled: var unsettled }:
                Replace(snapshot, unsettled);
                _sequence = snapshot.Sequence;
                _hasRoutes = true;
                break;
            case RouteChanged change:
                Apply(change.Route);
                _sequence = change.Sequence;
                break;
            case RouteRemoved removal:
                Drop(removal.ServiceId);
                _sequence = removal.Sequence;
                break;
        }

        // In this order: whoever hears the acknowledgement knows what is still in flight.
        Report();
        link.ToHub(new RouteApplied(_sequence));
    }

    private void Connect(int life, TimeSpan pause) => world.Later(pause, () =>
    {
        if (life != _life || _link is not null)
        {
            return;
        }

        if (world.ControlPlane is { Hub: { IsOpen: true, IsAlive: true } hub } controlPlane)
        {
            _link = new GatewayLink(world, this, hub, controlPlane.Process);
            hub.Accept(_link, _sequence);
            SayWhatStands();
            return;
        }

        ProbeEjected();
        Connect(life, world.Between(100, 2000));
    });

    private void SayWhatStands()
    {
        foreach (var (serviceId, service) in _services)
        {
            foreach (var instance in service.Instances.Values.Where(instance => instance.Standing == Standing.Ejected))
            {
                _link!.ToHub(new InstanceEjected(serviceId, instance.Id, "refused a connection"));
            }

            if (service.Waiting + service.WaitingForCanary > 0)
            {
                _link!.ToHub(Wish(serviceId, service));
            }
        }
    }

    private static CapacityWanted Wish(string serviceId, GatewayService service) =>
        new(serviceId, service.Waiting + service.WaitingForCanary, service.Open) { Serving = service.LoadOf(isCanary: false), Canary = service.LoadOf(isCanary: true) };

    /// <summary>The instance has ended, and its connections with it.</summary>
    public void Reset(SimulatedInstance ended)
    {
        if (_services.GetValueOrDefault(ended.Identity.ServiceId)?.Instances.GetValueOrDefault(ended.Id) is { } instance)
        {
            instance.Open.Clear();
            ReportLater();
        }
    }

    // ---- routes

    private void Replace(RoutingSnapshot snapshot, IReadOnlyList<string> unsettled)
    {
        foreach (var route in snapshot.Routes.Where(route => !unsettled.Contains(route.ServiceId)))
        {
            Apply(route);
        }

        foreach (var gone in _services.Keys.Where(id => !unsettled.Contains(id) && snapshot.Routes.All(route => route.ServiceId != id)).ToList())
        {
            Drop(gone);
        }
    }

    private void Apply(ServiceRoute route)
    {
        if (!_services.TryGetValue(route.ServiceId, out var service))
        {
            _services[route.ServiceId] = service = new GatewayService { Route = route };
        }

        world.Invariants.OnApply(this, service, route);
        Take(service, route);
        ServeWaiting(service);
        world.Trace.Note(
            $"  {name}: {route.ServiceName} {route.Availability} [{string.Join(' ', route.Instances.Select(instance => instance.InstanceId[..8]))}]{(route.Canary is { } canary ? $" canary {canary.Revision} {canary.Availability} {canary.Percent}% [{string.Join(' ', canary.Instances.Select(instance => instance.InstanceId[..8]))}]" : "")} draining [{string.Join(' ', route.Draining.Select(instance => instance.InstanceId[..8]))}] resting [{string.Join(' ', route.Resting.Select(instance => instance.InstanceId[..8]))}]");
    }

    private void Take(GatewayService service, ServiceRoute route)
    {
        service.Route = route;
        if (route.Canary is null)
        {
            (service.Waiting, service.WaitingForCanary) = (service.Waiting + service.WaitingForCanary, 0);
        }

        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var serving in route.Instances.Concat(route.Canary?.Instances ?? []))
        {
            listed.Add(serving.InstanceId);
            var instance = Know(service, serving.InstanceId, serving.Address);
            (instance.Standing, instance.DrainsUntil) = (Standing.Serving, null);
        }

        foreach (var draining in route.Draining.Where(draining => listed.Add(draining.InstanceId)))
        {
            var instance = Know(service, draining.InstanceId, draining.Address);
            instance.Standing = Standing.Draining;
            instance.DrainsUntil = draining.Until - VirtualClock.Start;
            EndOpenAt(instance, instance.DrainsUntil.Value);
        }

        foreach (var resting in route.Resting.Where(resting => listed.Add(resting.InstanceId)))
        {
            var instance = Know(service, resting.InstanceId, resting.Address);
            (instance.Standing, instance.DrainsUntil) = (Standing.Draining, null);
        }

        var revisions = route.Instances.Concat(route.Resting).Concat(route.Canary?.Instances ?? []).ToDictionary(listing => listing.InstanceId, listing => listing.Revision);
        foreach (var instance in service.Instances.Values)
        {
            instance.IsCanary = route.Canary is { } canary && revisions.GetValueOrDefault(instance.Id) == canary.Revision;
        }

        foreach (var gone in service.Instances.Values.Where(instance => !listed.Contains(instance.Id)).ToList())
        {
            (gone.Standing, gone.DrainsUntil) = (Standing.Gone, null);
            if (gone.Open.Count == 0)
            {
                service.Instances.Remove(gone.Id);
            }
        }
    }

    private void Drop(string serviceId)
    {
        if (_services.TryGetValue(serviceId, out var service))
        {
            Take(service, service.Route with { Availability = RouteAvailability.Unavailable, Instances = [], Canary = null, Draining = [], Resting = [] });
            _services.Remove(serviceId);
        }
    }

    private static GatewayInstance Know(GatewayService service, string id, string address)
    {
        if (!service.Instances.TryGetValue(id, out var instance))
        {
            service.Instances[id] = instance = new GatewayInstance(id, address);
        }

        return instance;
    }

    private void EndOpenAt(GatewayInstance instance, TimeSpan until) => world.Later(until > world.Now ? until - world.Now : TimeSpan.Zero, () =>
    {
        if (instance.Standing == Standing.Draining && instance.DrainsUntil <= world.Now && instance.Open.Count > 0)
        {
            instance.Open.Clear();
            Report();
        }
    });

    // ---- users

    private void KeepBusy(int life) => world.Later(world.Chance(0.1) ? world.Between(3_000, 60_000) : world.Between(50, 3000), () =>
    {
        if (life != _life || world.Invariants.IsQuiet)
        {
            return;
        }

        foreach (var (serviceId, service) in _services)
        {
            Request(serviceId, service);
        }

        KeepBusy(life);
    });

    /// <summary>Those who waited are served or turned away.</summary>
    private void ServeWaiting(GatewayService service)
    {
        while (service.Waiting > 0 && service.Route.Availability != RouteAvailability.Asleep)
        {
            service.Waiting--;
            Request(service.Route.ServiceId, service, isCanarys: false);
        }

        while (service.WaitingForCanary > 0 && !service.IsCanaryAsleep)
        {
            service.WaitingForCanary--;
            Request(service.Route.ServiceId, service, isCanarys: true);
        }
    }

    private void Wait(string serviceId, GatewayService service, bool isCanarys)
    {
        Count(1);
        service.NoteLevel();
        _link?.ToHub(Wish(serviceId, service));
        ReportLater();
        world.Later(service.Route.Limits.QueueTimeout, () =>
        {
            if ((isCanarys ? service.WaitingForCanary : service.Waiting) > 0)
            {
                Count(-1);
                ReportLater();
            }
        });

        void Count(int change)
        {
            if (isCanarys)
            {
                service.WaitingForCanary += change;
            }
            else
            {
                service.Waiting += change;
            }
        }
    }

    private void Request(string serviceId, GatewayService service) =>
        Request(serviceId, service, service.Route.Canary is { } canary && world.Chance(canary.Percent / 100.0));

    /// <summary>Whoever is the canary's goes to it or, where it can take nobody, to the serving revision; and the other way round.</summary>
    private void Request(string serviceId, GatewayService service, bool isCanarys)
    {
        if (isCanarys && (service.Route.Canary is null || !service.IsCanaryAsleep && !Takes(isCanary: true)))
        {
            isCanarys = false;
        }
        else if (!isCanarys && service.Route.Availability != RouteAvailability.Asleep && !Takes(isCanary: false) && Takes(isCanary: true))
        {
            isCanarys = true;
        }

        if ((isCanarys ? service.IsCanaryAsleep : service.Route.Availability == RouteAvailability.Asleep) && !Takes(isCanarys))
        {
            Wait(serviceId, service, isCanarys);
            return;
        }

        // Retried elsewhere as long as nothing took the connection.
        while (service.Serving.Where(instance => instance.IsCanary == isCanarys).MinBy(instance => instance.Open.Count) is { } chosen)
        {
            if (world.Engine.At(chosen.Address) is { Container: PartState.Running or PartState.Paused } instance && (instance.Container == PartState.Paused || instance.Application!.Listens(world.Now)))
            {
                world.Invariants.OnRequest(this, service, instance);
                Serve(service, chosen, instance);
                return;
            }

            chosen.Standing = Standing.Ejected;
            world.Trace.Note($"  {name} ejects {chosen.Id[..8]}");
            _link?.ToHub(new InstanceEjected(serviceId, chosen.Id, "refused a connection"));
        }

        bool Takes(bool isCanary) => service.Serving.Any(instance => instance.IsCanary == isCanary);
    }

    private void Serve(GatewayService service, GatewayInstance instance, SimulatedInstance container)
    {
        var request = new object();
        instance.Open.Add(request);
        instance.WasUsed = true;
        service.NoteLevel();
        ReportLater();
        Finish(world.Chance(0.03) ? world.Between(10_000, 600_000) : world.Skewed(1, 30_000));

        void Finish(TimeSpan delay) => world.Later(delay, () =>
        {
            if (container.Container == PartState.Paused && instance.Open.Contains(request))
            {
                // Nobody answers there until it is thawed.
                Finish(TimeSpan.FromMilliseconds(100));
                return;
            }

            if (!instance.Open.Remove(request))
            {
                return;
            }

            ReportLater();
            if (instance.Open.Count == 0 && instance.Standing is Standing.Draining or Standing.Gone)
            {
                Report();
            }
        });
    }

    private void ReportLater()
    {
        if (_isReportDue)
        {
            return;
        }

        _isReportDue = true;
        world.Later(_reportInterval, () =>
        {
            if (_isReportDue)
            {
                Report();
            }
        });
    }

    /// <summary>Nobody else says that an instance is well again.</summary>
    private void ProbeEjected()
    {
        foreach (var ejected in _services.Values.SelectMany(service => service.Instances.Values).Where(instance => instance.Standing == Standing.Ejected))
        {
            if (world.Engine.At(ejected.Address) is { Container: PartState.Running, Application: { } application } && application.Listens(world.Now))
            {
                ejected.Standing = Standing.Serving;
            }
        }
    }

    private void Report()
    {
        _isReportDue = false;
        if (!IsConnected)
        {
            return;
        }

        var used = _services.Values.SelectMany(service => service.Instances.Values).Where(instance => instance.Open.Count > 0 || instance.WasUsed).ToList();
        var report = new TrafficReport(
            [.. used.Select(instance => new InstanceTraffic(instance.Id, instance.Open.Count))],
            [.. _services.Select(service => Traffic(service.Key, service.Value))]);
        used.ForEach(instance => instance.WasUsed = false);
        foreach (var service in _services.Values)
        {
            (service.Highest, service.HighestOfCanary) = (0, 0);
            service.NoteLevel();
        }

        _link!.ToHub(report);
    }

    private static ServiceTraffic Traffic(string serviceId, GatewayService service) =>
        new(serviceId, service.Open, service.Waiting + service.WaitingForCanary, service.Highest + service.HighestOfCanary, [], [], 0)
        {
            Serving = service.LoadOf(isCanary: false),
            Canary = service.LoadOf(isCanary: true),
        };
}
