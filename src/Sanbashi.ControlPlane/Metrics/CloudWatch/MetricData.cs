using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Metrics.Expressions;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>
/// GetMetricData: many metrics, and expressions over them, in pages.
/// <list type="number">
/// <item>Check the question as a whole.</item>
/// <item>Read what is asked for by name. Periods begin at multiples of themselves.</item>
/// <item>Evaluate expressions, each when it is first needed.</item>
/// <item>Answer one page of datapoints, query by query.</item>
/// </list>
/// </summary>
internal sealed partial class MetricData(ServiceDocuments documents, MetricDocuments metrics, TimeProvider time)
{
    /// <summary>CloudWatch's own.</summary>
    private const int MostQueries = 500, MostDatapoints = 100_800;

    /// <summary>Over all queries of a call, as every page of an answer is computed anew.</summary>
    private const long MostPeriods = 1_000_000;

    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        // 1.
        var queries = (call.Input.Objects("MetricDataQueries") ?? []).Select(MetricDataQuery.Read).ToList();
        var (start, end) = (MetricQuestion.Moment(call.Input, "StartTime"), MetricQuestion.Moment(call.Input, "EndTime"));
        Check(queries, start, end);

        // 2.
        var reader = new MetricReader(documents, metrics, time, call.Scope());
        var series = new Dictionary<string, MetricSeries>(StringComparer.Ordinal);
        foreach (var query in queries.Where(query => query.Expression is null))
        {
            series[query.Id] = await Read(reader, query, start, end, cancellationToken);
        }

        // 3.
        var now = time.GetUtcNow();
        var evaluation = new MetricEvaluation(queries, series, start, end < now ? end : now);
        foreach (var query in queries.Where(query => query.Expression is not null))
        {
            evaluation.Evaluate(query);
        }

        // 4.
        return Page(call, [.. queries.Where(query => query.ReturnsData)], series);
    }

    private static async Task<MetricSeries> Read(MetricReader reader, MetricDataQuery query, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var statistic = MetricStatistic.Parse(query.Statistic)
            ?? throw CloudWatchErrors.Validation($"The value {Excerpt.Of(query.Statistic)} for parameter MetricDataQueries.{query.Id}.Stat is not supported. Use {string.Join(", ", MetricStatistic.Names)} or a percentile such as p95.");
        if (query.Question!.Definition is not { } metric || query.Unit is { } unit && unit != metric.Unit)
        {
            return new MetricSeries(query.Period, []);
        }

        var from = MetricEvaluation.Align(start, query.Period);
        return MetricSeries.Of(metric, statistic, await reader.Read(query.Question, from, end, cancellationToken), DateTimeOffset.UnixEpoch, query.Period);
    }

    private static void Check(List<MetricDataQuery> queries, DateTimeOffset start, DateTimeOffset end)
    {
        if (start >= end)
        {
            throw CloudWatchErrors.Validation("The parameter StartTime must be less than the parameter EndTime.");
        }

        if (queries.Count is 0 or > MostQueries)
        {
            throw CloudWatchErrors.Validation($"The parameter MetricDataQueries must have 1 to {MostQueries} queries; it has {queries.Count}.");
        }

        if (queries.CountBy(query => query.Id).FirstOrDefault(id => id.Value > 1).Key is { } twice)
        {
            throw CloudWatchErrors.Validation($"The id '{Excerpt.Of(twice)}' is used by more than one query of MetricDataQueries.");
        }

        foreach (var query in queries)
        {
            if (!Ids().IsMatch(query.Id))
            {
                throw CloudWatchErrors.Validation($"The value {Excerpt.Of(query.Id)} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.");
            }

            if (query.Expression is null == query.Question is null)
            {
                throw CloudWatchErrors.Validation($"The query '{query.Id}' must have either MetricStat or Expression.");
            }

            if (query.Question is not null && query.Period % 60 != 0)
            {
                throw CloudWatchErrors.Validation($"The Period of the query '{query.Id}' must be a multiple of 60: minutes are the finest that is recorded.");
            }
        }

        if (!queries.Exists(query => query.ReturnsData))
        {
            throw CloudWatchErrors.Validation("At least one query of MetricDataQueries must return data.");
        }

        var watched = Math.Min((end - start).TotalSeconds, MetricDefaults.Retention.TotalSeconds);
        if (queries.Where(query => query.Question is not null).Sum(query => watched / query.Period) is > MostPeriods and var count)
        {
            throw CloudWatchErrors.Validation($"The queries ask for up to {count:0} datapoints together, more than {MostPeriods}. Ask for a shorter time or longer periods.");
        }
    }

    private static JsonObject Page(ApiCall call, IReadOnlyList<MetricDataQuery> queries, Dictionary<string, MetricSeries> series)
    {
        var isAscending = call.Input.Text("ScanBy") == "TimestampAscending";
        var size = Math.Clamp(call.Input.Integer("MaxDatapoints") ?? MostDatapoints, 1, MostDatapoints);
        var skip = PageTokens.Read(call, "InvalidNextToken") is { } cursor ? int.Parse(cursor, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var (next, left) = (skip + size, size);
        var isCutOff = false;
        var results = new JsonArray();
        foreach (var query in queries)
        {
            var points = series[query.Id].Points;
            var ordered = isAscending ? points : points.Reverse();
            var taken = ordered.Skip(skip).Take(left).ToList();
            var isWhole = skip + taken.Count >= points.Count;
            if (taken.Count > 0 || points.Count == 0 && next == size)
            {
                results.Add(query.Answer(taken, isWhole));
            }

            skip = Math.Max(0, skip - points.Count);
            left -= taken.Count;
            isCutOff |= !isWhole;
        }

        return new JsonObject
        {
            ["MetricDataResults"] = results,
            ["Messages"] = new JsonArray(),
            ["NextToken"] = isCutOff ? PageTokens.Write(call, next.ToString(CultureInfo.InvariantCulture)) : null,
        };
    }

    [GeneratedRegex("^[a-z][a-zA-Z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}
