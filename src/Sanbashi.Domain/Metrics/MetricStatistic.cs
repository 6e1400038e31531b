using System.Globalization;

namespace Sanbashi.Domain.Metrics;

/// <summary>How the samples of a period become one number.</summary>
/// <param name="Percentile">0 to 100; null for the named statistics.</param>
public sealed record MetricStatistic(string Name, double? Percentile)
{
    public static IReadOnlyList<string> Names { get; } = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

    /// <param name="text">One of <see cref="Names"/>, or a percentile such as <c>p95</c> or <c>p99.9</c>.</param>
    public static MetricStatistic? Parse(string text)
    {
        if (Names.Contains(text))
        {
            return new MetricStatistic(text, null);
        }

        return text.Length > 1 && text[0] == 'p'
            && double.TryParse(text.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percentile) && percentile is >= 0 and <= 100
            ? new MetricStatistic(text, percentile)
            : null;
    }

    /// <summary>Null where the minutes have no sample.</summary>
    public double? Of(MetricDefinition metric, IReadOnlyList<MetricMinute> minutes)
    {
        if (Percentile is { } percentile)
        {
            return metric.IsLatency ? OfRequests(minutes, percentile / 100) : OfMinutes(metric, minutes, percentile / 100);
        }

        var sum = minutes.Aggregate(Measure.None, (sum, minute) => sum.Plus(metric.Read(minute)));
        return sum.Count == 0 ? null : Name switch
        {
            "SampleCount" => sum.Count,
            "Sum" => sum.Sum,
            "Minimum" => sum.Min,
            "Maximum" => sum.Max,
            _ => sum.Average,
        };
    }

    private static double? OfRequests(IReadOnlyList<MetricMinute> minutes, double part)
    {
        var all = new LatencyHistogram();
        foreach (var minute in minutes)
        {
            all.Add(minute.Traffic.Latency.Counts);
        }

        return all.Quantile(part) * 1000;
    }

    /// <summary>Single samples are not kept: the averages of minutes stand for them.</summary>
    private static double? OfMinutes(MetricDefinition metric, IReadOnlyList<MetricMinute> minutes, double part)
    {
        var averages = minutes.Select(metric.Read).Where(measure => measure.Count > 0).Select(measure => measure.Average).Order().ToList();
        return averages.Count == 0 ? null : averages[Math.Clamp((int)Math.Ceiling(part * averages.Count) - 1, 0, averages.Count - 1)];
    }
}
