namespace Sanbashi.Domain.Metrics;

/// <summary>Values by the start of their period, ascending. Periods without samples are not in it.</summary>
/// <param name="Period">Seconds.</param>
public sealed record MetricSeries(int Period, IReadOnlyList<(DateTimeOffset At, double Value)> Points)
{
    /// <param name="minutes">Ascending.</param>
    /// <param name="origin">Where a period begins.</param>
    public static MetricSeries Of(
        MetricDefinition metric, MetricStatistic statistic, IEnumerable<(DateTimeOffset At, MetricMinute Minute)> minutes, DateTimeOffset origin, int period)
    {
        var points = new List<(DateTimeOffset, double)>();
        foreach (var group in minutes.GroupBy(minute => Math.Floor((minute.At - origin).TotalSeconds / period)))
        {
            if (statistic.Of(metric, [.. group.Select(minute => minute.Minute)]) is { } value)
            {
                points.Add((origin.AddSeconds(group.Key * period), value));
            }
        }

        return new MetricSeries(period, points);
    }
}
