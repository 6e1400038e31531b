using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Metrics.Recording;

/// <summary>The numbers of one minute while it lasts. Not safe for concurrent use.</summary>
internal sealed class MinuteBook(DateTimeOffset minute)
{
    private readonly Dictionary<string, MetricMinute> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lookedAt = new(StringComparer.Ordinal);
    private int _looks;

    public DateTimeOffset Minute => minute;

    /// <summary>Services that had traffic or instances.</summary>
    public IReadOnlyCollection<string> Services => _services.Keys;

    public void Add(IReadOnlyDictionary<string, TrafficFlow> flows, IReadOnlyDictionary<string, TrafficLevel> levels)
    {
        _looks++;
        foreach (var (serviceId, flow) in flows)
        {
            Of(serviceId).Traffic.Add(flow);
        }

        foreach (var (serviceId, level) in levels)
        {
            var service = Of(serviceId);
            service[MetricGauge.InFlight] = service[MetricGauge.InFlight].With(level.InFlight);
            service[MetricGauge.Waiting] = service[MetricGauge.Waiting].With(level.Waiting);
            _lookedAt[serviceId] = _lookedAt.GetValueOrDefault(serviceId) + 1;
        }
    }

    public void Add(string serviceId, IReadOnlyList<ObservedInstance> instances, Func<string, ResourceSample?> use)
    {
        var service = Of(serviceId);
        var active = instances.Count(instance => instance.Phase == InstancePhase.Running);
        var frozen = instances.Count(instance => instance.Phase == InstancePhase.Frozen);
        service[MetricGauge.Active] = service[MetricGauge.Active].With(active);
        service[MetricGauge.Frozen] = service[MetricGauge.Frozen].With(frozen);
        service[MetricGauge.Other] = service[MetricGauge.Other].With(instances.Count - active - frozen);
        foreach (var sample in instances.Select(instance => use(instance.Id)).OfType<ResourceSample>())
        {
            service[MetricGauge.Memory] = service[MetricGauge.Memory].With(sample.MemoryFraction);
            if (sample.CpuFraction is { } cpu)
            {
                service[MetricGauge.Cpu] = service[MetricGauge.Cpu].With(cpu);
            }
        }
    }

    /// <summary>The whole of it: where a service had nothing open when it was looked at, that was a zero.</summary>
    public MetricMinute Close(string serviceId)
    {
        var service = Of(serviceId);
        if (_looks - _lookedAt.GetValueOrDefault(serviceId) is > 0 and var missing)
        {
            var zeros = new Measure(missing, 0, 0, 0);
            service[MetricGauge.InFlight] = service[MetricGauge.InFlight].Plus(zeros);
            service[MetricGauge.Waiting] = service[MetricGauge.Waiting].Plus(zeros);
            _lookedAt[serviceId] = _looks;
        }

        return service;
    }

    private MetricMinute Of(string serviceId)
    {
        if (!_services.TryGetValue(serviceId, out var service))
        {
            _services[serviceId] = service = new MetricMinute();
        }

        return service;
    }
}
