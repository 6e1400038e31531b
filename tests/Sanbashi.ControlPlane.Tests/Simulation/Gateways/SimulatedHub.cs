using Sanbashi.ControlPlane.Gateways;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>One control plane's side of the gateway links; promises what the real hub promises, no more.</summary>
internal sealed class SimulatedHub(World world, SimulatedProcess process) : IRoutePublisher
{
    /// <summary>A gateway that is slower is disconnected, as by the real hub.</summary>
    private static readonly TimeSpan _acknowledgeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a gateway that was lost may still be there, as in the real hub; after a start any gateway may.</summary>
    private static readonly TimeSpan _returnTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, TimeSpan> _awayUntil = new(StringComparer.Ordinal) { ["any"] = world.Now + _returnTime };
    private readonly Dictionary<string, ServiceRoute> _routes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _publishedAt = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal);
    private readonly List<GatewayLink> _links = [];
    private TaskCompletionSource _return = new();
    private readonly LoadBoard _load = new(new VirtualTimeProvider(world.Clock, process));
    private long _sequence = world.Clock.Now.ToUnixTimeMilliseconds();

    public event Action<string>? ServiceSignalled;

    /// <summary>Gateways may connect.</summary>
    public bool IsOpen { get; private set; }

    public bool IsAlive => process.IsAlive;

    public void SetInitial(IEnumerable<string> unsettled)
    {
        _unsettled.UnionWith(unsettled);
        IsOpen = true;
        world.Send(process, _returnTime, GiveUp);
    }

    /// <summary>A step of the world: the gateway's hello has arrived.</summary>
    public void Accept(GatewayLink link, long lastSequence) => link.ToHub(() =>
    {
        _sequence = Math.Max(_sequence, lastSequence) + 1;
        _links.Add(link);
        _load.Interrupt();
        _awayUntil.Remove(link.GatewayName);
        AnnounceReturn();
        link.ToGateway(new SnapshotMessage(new RoutingSnapshot(RoutingSnapshot.CurrentFormat, _sequence, [.. _routes.Values]), [.. _unsettled]));
    });

    /// <summary>A step of the world: the connection is over.</summary>
    public void Lose(GatewayLink link) => world.Send(process, world.Skewed(0.1, 5), () =>
    {
        if (_links.Remove(link))
        {
            link.ReleaseAll();
            _load.Interrupt();
            foreach (var key in link.Load.Keys.OrderBy(key => key.ServiceId, StringComparer.Ordinal).ThenBy(key => key.IsCanary).ToList())
            {
                RecordLoad(link, key, 0);
            }

            _awayUntil[link.GatewayName] = world.Now + _returnTime;
            world.Send(process, _returnTime, GiveUp);
        }
    });

    public Task Publish(ServiceRoute route, CancellationToken cancellationToken)
    {
        _load.Follow(_routes.GetValueOrDefault(route.ServiceId), route);
        _routes[route.ServiceId] = route;
        _unsettled.Remove(route.ServiceId);
        var sequence = ++_sequence;
        _publishedAt[route.ServiceId] = sequence;
        foreach (var link in _links)
        {
            link.Ejected.Remove(route.ServiceId);
        }

        return Tell(new RouteChanged(sequence, route), sequence, cancellationToken);
    }

    public Task Remove(string serviceId, CancellationToken cancellationToken)
    {
        _routes.Remove(serviceId);
        _unsettled.Remove(serviceId);
        _publishedAt.Remove(serviceId);
        _load.Forget(serviceId);
        var sequence = ++_sequence;
        return Tell(new RouteRemoved(sequence, serviceId), sequence, cancellationToken);
    }

    public int? InFlight(string instanceId)
    {
        int? sum = _awayUntil.Values.Any(until => world.Now < until) ? null : 0;
        foreach (var link in _links)
        {
            if (link.InFlight is null)
            {
                return null;
            }

            sum += link.InFlight.GetValueOrDefault(instanceId);
        }

        return _links.Count == 0 ? null : sum;
    }

    public ServiceDemand Demand(string serviceId) => _load.Read(new LoadKey(serviceId), IsLoadKnown);

    public ServiceDemand CanaryDemand(string serviceId) => _load.Read(new LoadKey(serviceId, IsCanary: true), IsLoadKnown);

    public DateTimeOffset? LastUsed(string instanceId) => _load.LastUsed(instanceId);

    public IReadOnlyCollection<string> Ejected(string serviceId) =>
        [.. _links.SelectMany(link => link.Ejected.GetValueOrDefault(serviceId, [])).Distinct()];

    public void Receive(GatewayLink link, GatewayMessage message)
    {
        switch (message)
        {
            case RouteApplied applied:
                link.Apply(applied.Sequence);
                break;
            case TrafficReport report:
                link.InFlight = report.Instances.ToDictionary(instance => instance.InstanceId, instance => instance.InFlight);
                var risen = new List<string>();
                link.Load.Clear();
                foreach (var service in report.Services)
                {
                    if (TakeLoad(link, service.ServiceId, service.Serving ?? new ServiceLoad(service.InFlight, service.Waiting, service.Highest), service.Canary))
                    {
                        risen.Add(service.ServiceId);
                    }
                }

                _load.NoteUse(report.Instances);
                Signal([.. DrainingServices(), .. risen, .. AskedInVain()]);
                break;
            case CapacityWanted wish:
                TakeLoad(link, wish.ServiceId, wish.Serving ?? new ServiceLoad(wish.InFlight, wish.Waiting, wish.InFlight + wish.Waiting), wish.Canary);
                Signal([wish.ServiceId]);
                break;
            case InstanceEjected ejection when link.AppliedSequence >= _publishedAt.GetValueOrDefault(ejection.ServiceId, -1):
                if (!link.Ejected.TryGetValue(ejection.ServiceId, out var ejected))
                {
                    link.Ejected[ejection.ServiceId] = ejected = [];
                }

                if (ejected.Add(ejection.InstanceId))
                {
                    Signal([ejection.ServiceId]);
                }

                break;
        }
    }

    private bool IsLoadKnown => _links.Count > 0 && _awayUntil.Values.All(until => world.Now >= until) && _links.TrueForAll(link => link.InFlight is not null);

    private IReadOnlyList<string> AskedInVain() => IsLoadKnown ? _load.TakeAskedInVain() : [];

    private bool TakeLoad(GatewayLink link, string serviceId, ServiceLoad serving, ServiceLoad? canary)
    {
        var isNews = TakeLoad(link, new LoadKey(serviceId), serving);
        return TakeLoad(link, new LoadKey(serviceId, IsCanary: true), canary ?? new ServiceLoad(0, 0, 0)) || isNews;
    }

    private bool TakeLoad(GatewayLink link, LoadKey key, ServiceLoad load)
    {
        link.Load[key] = (load.InFlight, load.Waiting);
        return RecordLoad(link, key, load.Highest);
    }

    private bool RecordLoad(GatewayLink link, LoadKey key, int highestThere)
    {
        var (open, waiting) = (0, 0);
        foreach (var other in _links)
        {
            var (openThere, waitingThere) = other.Load.GetValueOrDefault(key);
            open += openThere;
            waiting += waitingThere;
        }

        var here = _links.Contains(link) ? link.Load.GetValueOrDefault(key) : default;
        return _load.Record(key, open, waiting, open + waiting - here.Open - here.Waiting + Math.Max(here.Open + here.Waiting, highestThere));
    }

    private async Task Tell(ControlPlaneMessage message, long sequence, CancellationToken cancellationToken)
    {
        var waits = _links.Select(link =>
        {
            var applied = WhenApplied(link, sequence);
            link.ToGateway(message);
            return applied;
        }).ToList();

        // Nobody serves what is published, though the gateways are there and will in a moment: their snapshots are newer than the publication.
        while (_links.Count == 0 && _awayUntil.Values.Any(until => world.Now < until))
        {
            await _return.Task;
            waits = [.. _links.Select(link => WhenApplied(link, sequence))];
        }

        await Task.WhenAll(waits);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private Task WhenApplied(GatewayLink link, long sequence)
    {
        var applied = link.WhenApplied(sequence);
        world.Send(process, _acknowledgeTimeout, () =>
        {
            if (link.AppliedSequence < sequence)
            {
                link.Close();
            }
        });
        return applied;
    }

    private void AnnounceReturn()
    {
        var returned = _return;
        _return = new TaskCompletionSource();
        returned.SetResult();
    }

    /// <summary>What it had in flight no longer counts, and nobody waits for it.</summary>
    private void GiveUp()
    {
        AnnounceReturn();
        Signal([.. DrainingServices(), .. AskedInVain()]);
    }

    private List<string> DrainingServices() =>
        [.. _routes.Values.Where(route => route.Draining.Any(draining => InFlight(draining.InstanceId) is 0) || route.Resting.Any(resting => InFlight(resting.InstanceId) is 0)).Select(route => route.ServiceId)];

    private void Signal(List<string> serviceIds)
    {
        foreach (var serviceId in serviceIds)
        {
            ServiceSignalled?.Invoke(serviceId);
        }
    }
}
