using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Metrics.Expressions;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>Evaluates the expressions of one call; each once, before those that name it.</summary>
/// <param name="series">By id: those of metrics at first, those of expressions as they are evaluated.</param>
internal sealed class MetricEvaluation(IReadOnlyList<MetricDataQuery> queries, Dictionary<string, MetricSeries> series, DateTimeOffset start, DateTimeOffset end)
{
    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    /// <summary>The beginning of the period that a moment lies in.</summary>
    public static DateTimeOffset Align(DateTimeOffset moment, int period) =>
        DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds() / period * period);

    public MetricSeries Evaluate(MetricDataQuery query)
    {
        if (series.TryGetValue(query.Id, out var known))
        {
            return known;
        }

        if (!_underWay.Add(query.Id))
        {
            throw CloudWatchErrors.Validation($"The expression of the query '{query.Id}' depends on itself.");
        }

        // FILL needs periods also where nothing was recorded; all metrics of an expression have the same.
        var period = queries.Where(other => other.Question is not null).Select(other => other.Period).DefaultIfEmpty(60).Min();
        try
        {
            return series[query.Id] = MetricExpression.Evaluate(query.Expression!, Find, Metrics, new MathGrid(Align(start, period), end));
        }
        catch (MathException failure)
        {
            throw CloudWatchErrors.Validation($"Error in expression '{query.Id}': {failure.Message}.");
        }
    }

    private MetricSeries? Find(string id) => queries.FirstOrDefault(query => query.Id == id) is { } found ? Evaluate(found) : null;

    private IReadOnlyList<MetricSeries> Metrics() => [.. queries.Where(query => query.Question is not null).Select(query => series[query.Id])];
}
