using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Gateways;

/// <summary>
/// Sums the cumulative counters that gateways report. A gateway that comes back under its id goes on from where it was; one whose numbers fell
/// has lost its history and is counted from zero again. Not safe for concurrent use; the hub guards it.
/// </summary>
internal sealed class TrafficLedger
{
    private readonly Dictionary<string, Account> _services = [];
    private readonly Dictionary<string, Dictionary<string, ServiceTraffic>> _lastByGateway = [];
    private readonly LinkedList<string> _gatewaysByUse = [];

    public void Add(string gatewayId, IReadOnlyList<ServiceTraffic> services)
    {
        var last = LastOf(gatewayId);
        foreach (var now in services)
        {
            if (!_services.TryGetValue(now.ServiceId, out var account))
            {
                account = new Account();
                _services.Add(now.ServiceId, account);
            }

            last.TryGetValue(now.ServiceId, out var before);
            account.Add(now, before is null || HasFallen(before, now) ? null : before);
            last[now.ServiceId] = now;
        }
    }

    public void Forget(string serviceId)
    {
        _services.Remove(serviceId);
        foreach (var last in _lastByGateway.Values)
        {
            last.Remove(serviceId);
        }
    }

    public IEnumerable<(string ServiceId, long[] StatusCounts, long[] LatencyBuckets, double LatencySumSeconds)> Read() =>
        _services.Select(static pair => (pair.Key, (long[])pair.Value.StatusCounts.Clone(), (long[])pair.Value.LatencyBuckets.Clone(), pair.Value.LatencySumSeconds));

    private Dictionary<string, ServiceTraffic> LastOf(string gatewayId)
    {
        if (_lastByGateway.TryGetValue(gatewayId, out var last))
        {
            return last;
        }

        if (_gatewaysByUse.Count >= GatewayHubDefaults.RememberedGateways)
        {
            _lastByGateway.Remove(_gatewaysByUse.First!.Value);
            _gatewaysByUse.RemoveFirst();
        }

        _gatewaysByUse.AddLast(gatewayId);
        return _lastByGateway[gatewayId] = [];
    }

    private static bool HasFallen(ServiceTraffic before, ServiceTraffic now) => now.StatusCounts.Sum() < before.StatusCounts.Sum();

    private sealed class Account
    {
        public long[] StatusCounts { get; } = new long[5];

        public long[] LatencyBuckets { get; } = new long[LatencyBounds.Seconds.Count + 1];

        public double LatencySumSeconds { get; private set; }

        public void Add(ServiceTraffic now, ServiceTraffic? before)
        {
            Add(StatusCounts, now.StatusCounts, before?.StatusCounts);
            Add(LatencyBuckets, now.LatencyBuckets, before?.LatencyBuckets);
            LatencySumSeconds += now.LatencySumSeconds - (before?.LatencySumSeconds ?? 0);
        }

        private static void Add(long[] sums, IReadOnlyList<long> now, IReadOnlyList<long>? before)
        {
            for (var i = 0; i < Math.Min(sums.Length, now.Count); i++)
            {
                sums[i] += Math.Max(0, now[i] - (before is not null && i < before.Count ? before[i] : 0));
            }
        }
    }
}
