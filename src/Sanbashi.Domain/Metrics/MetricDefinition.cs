namespace Sanbashi.Domain.Metrics;

/// <summary>One metric as CloudWatch names it.</summary>
/// <param name="Unit">One of CloudWatch's units.</param>
/// <param name="Meaning">What it tells, for people.</param>
/// <param name="Read">Its samples in one minute; none where there were none.</param>
public sealed record MetricDefinition(string Namespace, string Name, string Unit, string Meaning, Func<MetricMinute, Measure> Read)
{
    /// <summary>Its percentiles are those of single requests, from the histogram.</summary>
    public bool IsLatency { get; init; }
}
