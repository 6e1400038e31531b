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
            (service.Waiting, service.Highest) = (0, 0);
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

            if (service.Waiting > 0)
            {
                _link!.ToHub(new CapacityWanted(serviceId, service.Waiting, service.Open));
            }
        }
    }

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
            $"  {name}: {route.ServiceName} {route.Availability} [{string.Join(' ', route.Instances.Select(instance => instance.InstanceId[..8]))}] draining [{string.Join(' ', route.Draining.Select(instance => instance.InstanceId[..8]))}] resting [{string.Join(' ', route.Resting.Select(instance => instance.InstanceId[..8]))}]");
    }

    private void Take(GatewayService service, ServiceRoute route)
    {
        service.Route = route;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var serving in route.Instances)
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
            Take(service, service.Route with { Availability = RouteAvailability.Unavailable, Instances = [], Draining = [], Resting = [] });
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
            Request(service.Route.ServiceId, service);
        }
    }

    private void Wait(string serviceId, GatewayService service)
    {
        service.Waiting++;
        service.Highest = Math.Max(service.Highest, service.Open + service.Waiting);
        _link?.ToHub(new CapacityWanted(serviceId, service.Waiting, service.Open));
        ReportLater();
        world.Later(service.Route.Limits.QueueTimeout, () =>
        {
            if (service.Waiting > 0)
            {
                service.Waiting--;
                ReportLater();
            }
        });
    }

    private void Request(string serviceId, GatewayService service)
    {
        if (service.Route.Availability == RouteAvailability.Asleep && !service.Serving.Any())
        {
            Wait(serviceId, service);
            return;
        }

        // Retried elsewhere as long as nothing took the connection.
        while (service.Serving.MinBy(instance => instance.Open.Count) is { } chosen)
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
    }

    private void Serve(GatewayService service, GatewayInstance instance, SimulatedInstance container)
    {
        var request = new object();
        instance.Open.Add(request);
        instance.WasUsed = true;
        service.Highest = Math.Max(service.Highest, service.Open + service.Waiting);
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
            [.. _services.Select(service => new ServiceTraffic(service.Key, service.Value.Open, service.Value.Waiting, service.Value.Highest, [], [], 0))]);
        used.ForEach(instance => instance.WasUsed = false);
        foreach (var service in _services.Values)
        {
            service.Highest = service.Open + service.Waiting;
        }

        _link!.ToHub(report);
    }
}
