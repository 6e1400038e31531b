namespace Sanbashi.Domain.Metrics;

/// <summary>Every metric of a service: App Runner's, and in a namespace of their own those that it has no words for.</summary>
public static class MetricCatalog
{
    public const string AppRunner = "AWS/AppRunner";
    public const string Own = "Sanbashi";

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Count(AppRunner, "Requests", "Requests that were finished, whatever was answered; one sample per minute.", minute => minute.Traffic.Requests),
        Count(AppRunner, "2xxStatusResponses", "Of them, answered with 200 to 299.", minute => minute.Traffic.Statuses[1]),
        Count(AppRunner, "4xxStatusResponses", "Of them, answered with 400 to 499; the gateway's own answers too, and 499 for clients that went away.", minute => minute.Traffic.Statuses[3]),
        Count(AppRunner, "5xxStatusResponses", "Of them, answered with 500 to 599; the gateway's own answers too.", minute => minute.Traffic.Statuses[4]),
        new(AppRunner, "RequestLatency", "Milliseconds", "From a request's first byte to its answer's last byte (of streams: to the answer's headers); each request is a sample.", Latency) { IsLatency = true },
        new(AppRunner, "Concurrency", "Count", "Requests on instances, looked at once a second. Its maximum is the most that were open and waiting together at any moment.", Concurrency),
        new(AppRunner, "ActiveInstances", "Count", "Instances that run and are not frozen, looked at once in 10 s.", minute => minute[MetricGauge.Active]),
        new(AppRunner, "CPUUtilization", "Percent", "Processor time of what an instance may use, read once in 10 s; each instance that runs is a sample.", minute => minute[MetricGauge.Cpu].Times(100)),
        new(AppRunner, "MemoryUtilization", "Percent", "Memory (working set) of what an instance may use, read once in 10 s; each instance that runs is a sample.", minute => minute[MetricGauge.Memory].Times(100)),
        Count(Own, "1xxStatusResponses", "Requests answered with 100 to 199: upgrades to WebSockets.", minute => minute.Traffic.Statuses[0]),
        Count(Own, "3xxStatusResponses", "Requests answered with 300 to 399.", minute => minute.Traffic.Statuses[2]),
        Count(Own, "RefusedRequests", "Requests that the gateway answered with 429: queue full, waited too long, over the rate limit.", minute => minute.Traffic.Refused),
        Count(Own, "ColdStarts", "Requests that found every instance asleep and waited until one was awake.", minute => minute.Traffic.ColdStarts),
        new(Own, "WaitingRequests", "Count", "Requests that waited for capacity, looked at once a second.", minute => minute[MetricGauge.Waiting]),
        new(Own, "FrozenInstances", "Count", "Instances that are frozen, looked at once in 10 s.", minute => minute[MetricGauge.Frozen]),
        new(Own, "OtherInstances", "Count", "Instances that are being started or stopped, or have ended, looked at once in 10 s.", minute => minute[MetricGauge.Other]),
    ];

    public static MetricDefinition? Find(string metricNamespace, string name) => All.FirstOrDefault(metric => metric.Namespace == metricNamespace && metric.Name == name);

    private static MetricDefinition Count(string metricNamespace, string name, string meaning, Func<MetricMinute, long> read) =>
        new(metricNamespace, name, "Count", meaning, minute => Measure.Of(read(minute)));

    private static Measure Latency(MetricMinute minute) => minute.Traffic.Latency.Range() is { } range
        ? new Measure(minute.Traffic.Latency.Total, minute.Traffic.LatencySeconds * 1000, range.Fastest * 1000, range.Slowest * 1000)
        : Measure.None;

    private static Measure Concurrency(MetricMinute minute)
    {
        var seen = minute[MetricGauge.InFlight];
        return seen.Count == 0 ? seen : seen with { Max = Math.Max(seen.Max, minute.Traffic.Highest) };
    }
}
