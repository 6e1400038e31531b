using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>One query of GetMetricData: a metric, or an expression over others.</summary>
/// <param name="Question">Null for an expression.</param>
/// <param name="Period">Seconds; zero for an expression, which takes that of what it names.</param>
internal sealed record MetricDataQuery(string Id, string Label, bool ReturnsData, MetricQuestion? Question, string Statistic, int Period, string? Unit, string? Expression)
{
    public static MetricDataQuery Read(JsonObject input)
    {
        var stat = input.Object("MetricStat");
        var question = stat is null ? null : MetricQuestion.Read(stat.Object("Metric") ?? []);
        var id = input.Text("Id") ?? "";
        return new MetricDataQuery(
            id,
            input.Text("Label") ?? question?.Name ?? id,
            input.Flag("ReturnData") ?? true,
            question,
            stat?.Text("Stat") ?? "",
            stat?.Integer("Period") ?? 0,
            stat?.Text("Unit"),
            input.Text("Expression"));
    }

    public JsonObject Answer(IReadOnlyList<(DateTimeOffset At, double Value)> points, bool isWhole) => new()
    {
        ["Id"] = Id,
        ["Label"] = Label,
        ["Timestamps"] = ApiOutput.List(points.Select(point => ApiOutput.Timestamp(point.At))),
        ["Values"] = ApiOutput.List(points.Select(point => (JsonNode)point.Value)),
        ["StatusCode"] = isWhole ? "Complete" : "PartialData",
    };
}
