using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Metrics;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>GetMetricStatistics: one metric, several statistics. Periods begin at the start time, rounded down to its minute.</summary>
internal sealed class MetricStatistics(ServiceDocuments documents, MetricDocuments metrics, TimeProvider time)
{
    /// <summary>CloudWatch's own.</summary>
    private const int MostDatapoints = 1440;

    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var input = call.Input;
        var question = MetricQuestion.Read(input);
        var (start, end, period) = Range(input);
        var named = Statistics(input.Texts("Statistics"), isExtended: false);
        var extended = Statistics(input.Texts("ExtendedStatistics"), isExtended: true);
        if (named.Count + extended.Count == 0)
        {
            throw CloudWatchErrors.InvalidCombination("Must specify either Statistics or ExtendedStatistics");
        }

        var output = new JsonObject { ["Label"] = question.Name };
        if (question.Definition is not { } metric || input.Text("Unit") is { } unit && unit != metric.Unit)
        {
            output["Datapoints"] = new JsonArray();
            return output;
        }

        var minutes = await new MetricReader(documents, metrics, time, call.Scope()).Read(question, start, end, cancellationToken);
        var points = new SortedDictionary<DateTimeOffset, JsonObject>();
        foreach (var statistic in named.Concat(extended))
        {
            foreach (var (at, value) in MetricSeries.Of(metric, statistic, minutes, start, period).Points)
            {
                if (!points.TryGetValue(at, out var point))
                {
                    points[at] = point = new JsonObject { ["Timestamp"] = ApiOutput.Timestamp(at), ["Unit"] = metric.Unit };
                }

                Put(point, statistic, value);
            }
        }

        output["Datapoints"] = ApiOutput.List(points.Values);
        return output;
    }

    private static void Put(JsonObject point, MetricStatistic statistic, double value)
    {
        if (statistic.Percentile is null)
        {
            point[statistic.Name] = value;
            return;
        }

        if (point["ExtendedStatistics"] is not JsonObject extended)
        {
            point["ExtendedStatistics"] = extended = [];
        }

        extended[statistic.Name] = value;
    }

    private static List<MetricStatistic> Statistics(IReadOnlyList<string>? names, bool isExtended)
    {
        var statistics = new List<MetricStatistic>();
        foreach (var name in (names ?? []).Distinct())
        {
            statistics.Add(MetricStatistic.Parse(name) is { } known && known.Percentile is not null == isExtended
                ? known
                : throw CloudWatchErrors.InvalidValue($"The value {Excerpt.Of(name)} for parameter {(isExtended ? "ExtendedStatistics" : "Statistics")} is not supported. {(isExtended ? "Percentiles such as p95 are." : "")}".TrimEnd()));
        }

        return statistics;
    }

    private static (DateTimeOffset Start, DateTimeOffset End, int Period) Range(JsonObject input)
    {
        var start = MetricQuestion.Moment(input, "StartTime");
        var end = MetricQuestion.Moment(input, "EndTime");
        var period = input.Integer("Period")!.Value;
        if (start >= end)
        {
            throw CloudWatchErrors.InvalidValue("The parameter StartTime must be less than the parameter EndTime.");
        }

        if (period % 60 != 0)
        {
            throw CloudWatchErrors.InvalidValue("The parameter Period must be a multiple of 60: minutes are the finest that is recorded.");
        }

        start = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerMinute));
        var count = Math.Ceiling((end - start).TotalSeconds / period);
        return count <= MostDatapoints ? (start, end, period) : throw CloudWatchErrors.InvalidCombination(
            $"You have requested up to {count} datapoints, which exceeds the limit of {MostDatapoints}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.");
    }
}
