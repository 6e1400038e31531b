using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Traffic;

namespace Sanbashi.Gateway.Routing;

/// <summary>
/// All services of this gateway. The request path reads one immutable table; changes come one at a time, from the control plane or from disk.
/// </summary>
internal sealed class RoutingState(TimeProvider timeProvider, ITrafficSignals signals, ILogger logger)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, RoutedService> _services = [];

    /// <summary>Services that are no longer routed and still have requests in flight.</summary>
    private readonly List<RoutedService> _leaving = [];

    /// <summary>Services that exist, but whose routes have never been here.</summary>
    private readonly HashSet<string> _awaited = [];
    private HostTable _hosts = HostTable.Empty;
    private volatile bool _hasRoutes;
    private volatile TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sequence of the last change that is served; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Whether the route of every service is here; an unknown host means nothing before.</summary>
    public bool HasRoutes => _hasRoutes;

    /// <summary>Completes when routes arrive that were not here before. To be asked for before what is waited for is looked up.</summary>
    public Task NextArrival => _arrival.Task;

    /// <param name="target">As in the request line.</param>
    public RoutedService? Find(ReadOnlySpan<char> host, string target) => Volatile.Read(ref _hosts).Find(host, target);

    /// <summary>Takes over all routes at once, except those of the unsettled services, which stay as they are.</summary>
    public void Replace(RoutingSnapshot snapshot, IReadOnlyCollection<string> unsettled)
    {
        lock (_changing)
        {
            var listed = snapshot.Routes.ToDictionary(static route => route.ServiceId);
            foreach (var kept in unsettled)
            {
                listed.Remove(kept);
            }

            foreach (var route in listed.Values)
            {
                Take(route);
            }

            Drop([.. _services.Values.Where(service => !listed.ContainsKey(service.Id) && !unsettled.Contains(service.Id))]);
            _awaited.Clear();
            _awaited.UnionWith(unsettled.Where(id => !_services.ContainsKey(id)));
            Sequence = snapshot.Sequence;
            _hasRoutes = _awaited.Count == 0;
            AnnounceArrival();
        }
    }

    public void Change(long sequence, ServiceRoute route)
    {
        lock (_changing)
        {
            var before = _services.TryGetValue(route.ServiceId, out var known) ? known.View.Route : null;
            Take(route);
            if (before is null || !before.Hosts.SequenceEqual(route.Hosts, StringComparer.OrdinalIgnoreCase) || !before.Rules.SequenceEqual(route.Rules))
            {
                BuildHosts();
            }

            Sequence = sequence;
            Settle(route.ServiceId);
        }
    }

    public void Remove(long sequence, string serviceId)
    {
        lock (_changing)
        {
            if (_services.TryGetValue(serviceId, out var service))
            {
                Drop([service]);
            }

            Sequence = sequence;
            Settle(serviceId);
        }
    }

    /// <summary>What is served now, as it goes to disk.</summary>
    public RoutingSnapshot Capture()
    {
        lock (_changing)
        {
            return new RoutingSnapshot(RoutingSnapshot.CurrentFormat, Sequence, [.. _services.Values.Select(static service => service.View.Route)]);
        }
    }

    /// <summary>Every service that is routed or has requests in flight.</summary>
    public List<RoutedService> Services()
    {
        lock (_changing)
        {
            _leaving.RemoveAll(static service => service.Instances().Count == 0);
            return [.. _services.Values, .. _leaving];
        }
    }

    /// <summary>Adds what has used up its time, and returns how many requests are open.</summary>
    public int AddOverdue(long now, List<OverdueExchange> overdue)
    {
        var open = 0;
        lock (_changing)
        {
            foreach (var service in _services.Values)
            {
                open += service.AddOverdue(now, overdue);
            }

            foreach (var service in _leaving)
            {
                open += service.AddOverdue(now, overdue);
            }
        }

        return open;
    }

    private void Settle(string serviceId)
    {
        if (_awaited.Remove(serviceId))
        {
            _hasRoutes = _awaited.Count == 0;
            AnnounceArrival();
        }
    }

    private void AnnounceArrival()
    {
        var arrived = _arrival;
        _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        arrived.SetResult();
    }

    private void Take(ServiceRoute route)
    {
        if (!_services.TryGetValue(route.ServiceId, out var service))
        {
            service = _leaving.Find(leaving => leaving.Id == route.ServiceId) ?? new RoutedService(route, timeProvider, signals);
            _leaving.Remove(service);
            _services.Add(route.ServiceId, service);
        }

        service.Apply(route);
    }

    private void Drop(List<RoutedService> gone)
    {
        foreach (var service in gone)
        {
            _services.Remove(service.Id);
        }

        // Out of the table first: what comes now must not find a service that turns everything away.
        BuildHosts();
        foreach (var service in gone)
        {
            service.Withdraw();
            _leaving.Add(service);
        }
    }

    private void BuildHosts()
    {
        var claims = new Dictionary<(string Host, string Path), RoutedService>();
        foreach (var service in _services.Values)
        {
            var route = service.View.Route;
            foreach (var host in route.Hosts)
            {
                Claim(host, "/", service);
            }

            foreach (var rule in route.Rules)
            {
                Claim(rule.Host, rule.Path, service);
            }
        }

        Volatile.Write(ref _hosts, new HostTable(claims.Select(static claim => (claim.Key.Host, claim.Key.Path, claim.Value))));

        void Claim(string host, string path, RoutedService service)
        {
            var key = (HostName.Of(host).ToString().ToLowerInvariant(), path);
            if (!claims.TryAdd(key, service))
            {
                logger.HostClaimedTwice(path == "/" ? host : host + path, claims[key].Id, service.Id);
            }
        }
    }
}
