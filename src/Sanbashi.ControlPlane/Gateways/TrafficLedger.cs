using Sanbashi.Domain.Metrics;
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
    private Dictionary<string, TrafficFlow> _flows = [];

    /// <param name="isOlder">The gateway has counted since before this process began: what it has counted until now is no news of this moment.</param>
    public void Add(string gatewayId, IReadOnlyList<ServiceTraffic> services, bool isOlder)
    {
        var isFirst = !_lastByGateway.ContainsKey(gatewayId);
        var last = LastOf(gatewayId);
        foreach (var now in services)
        {
            if (!_services.TryGetValue(now.ServiceId, out var account))
            {
                account = new Account();
                _services.Add(now.ServiceId, account);
            }

            last.TryGetValue(now.ServiceId, out var before);
            before = before is null || HasFallen(before, now) ? null : before;
            account.Add(now, before);
            if (!isFirst || !isOlder)
            {
                Flow(now, before);
            }

            last[now.ServiceId] = now;
        }
    }

    /// <summary>So many were open and waiting at some moment.</summary>
    public void NoteLevel(string serviceId, int level)
    {
        if (level > 0)
        {
            var flow = FlowOf(serviceId);
            flow.Highest = Math.Max(flow.Highest, level);
        }
    }

    /// <summary>What went through since the last call, by service; only services that had something.</summary>
    public IReadOnlyDictionary<string, TrafficFlow> TakeFlows()
    {
        var taken = _flows;
        _flows = [];
        return taken;
    }

    public void Forget(string serviceId)
    {
        _flows.Remove(serviceId);
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

    private void Flow(ServiceTraffic now, ServiceTraffic? before)
    {
        if (now.StatusCounts.Sum() == (before?.StatusCounts.Sum() ?? 0))
        {
            return;
        }

        var flow = FlowOf(now.ServiceId);
        for (var i = 0; i < Math.Min(flow.Statuses.Length, now.StatusCounts.Count); i++)
        {
            flow.Statuses[i] += Math.Max(0, now.StatusCounts[i] - (before?.StatusCounts.ElementAtOrDefault(i) ?? 0));
        }

        flow.Refused += Math.Max(0, now.Refused - (before?.Refused ?? 0));
        flow.ColdStarts += Math.Max(0, now.ColdStarts - (before?.ColdStarts ?? 0));
        flow.LatencySeconds += Math.Max(0, now.LatencySumSeconds - (before?.LatencySumSeconds ?? 0));
        if (now.Latencies is { } latencies)
        {
            for (var i = 0; i < latencies.Counts.Count && latencies.First + i < LatencyScale.Buckets; i++)
            {
                var bucket = latencies.First + i;
                flow.Latency.Add(bucket, Math.Max(0, latencies.Counts[i] - CountOf(before?.Latencies, bucket)));
            }
        }
    }

    private TrafficFlow FlowOf(string serviceId)
    {
        if (!_flows.TryGetValue(serviceId, out var flow))
        {
            _flows[serviceId] = flow = new TrafficFlow();
        }

        return flow;
    }

    private static long CountOf(LatencyCounts? counts, int bucket) =>
        counts is not null && bucket >= counts.First && bucket < counts.First + counts.Counts.Count ? counts.Counts[bucket - counts.First] : 0;

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
