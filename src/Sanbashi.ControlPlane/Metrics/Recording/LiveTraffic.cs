using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Metrics.Recording;

/// <summary>The traffic of the last seconds. Safe for concurrent use. Holds something only for seconds and services that had requests.</summary>
public sealed class LiveTraffic
{
    private readonly Lock _gate = new();
    private readonly Queue<IReadOnlyDictionary<string, TrafficFlow>> _flows = new();
    private readonly Queue<Dictionary<string, long>> _history = new();
    private IReadOnlyDictionary<string, TrafficLevel> _levels = new Dictionary<string, TrafficLevel>();

    /// <summary>A second has passed.</summary>
    public void Add(IReadOnlyDictionary<string, TrafficFlow> flows, IReadOnlyDictionary<string, TrafficLevel> levels)
    {
        lock (_gate)
        {
            _levels = levels;
            _flows.Enqueue(flows);
            _history.Enqueue(flows.Where(flow => flow.Value.Requests > 0).ToDictionary(flow => flow.Key, flow => flow.Value.Requests, StringComparer.Ordinal));
            if (_flows.Count > MetricDefaults.LiveSeconds)
            {
                _flows.Dequeue();
            }

            if (_history.Count > MetricDefaults.HistorySeconds)
            {
                _history.Dequeue();
            }
        }
    }

    public LiveView Read(string serviceId)
    {
        lock (_gate)
        {
            var sum = new TrafficFlow();
            foreach (var second in _flows)
            {
                if (second.TryGetValue(serviceId, out var flow))
                {
                    sum.Add(flow);
                }
            }

            return new LiveView(_levels.GetValueOrDefault(serviceId), sum, Math.Max(1, _flows.Count), [.. _history.Select(second => second.GetValueOrDefault(serviceId))]);
        }
    }
}
