using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Metrics.Expressions;

namespace Sanbashi.Domain.Tests.Metrics;

public sealed class MetricExpressionTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, MetricSeries> _series = new()
    {
        ["m1"] = Series(10, 20, null, 40),
        ["m2"] = Series(2, 0, 5, 8),
    };

    [Theory]
    [InlineData("m1", "10 20 _ 40")]
    [InlineData("m1/m2", "5 _ _ 5")]
    [InlineData("100 * (m1 - m2) / m1", "80 100 _ 80")]
    [InlineData("-m2 + 1.5", "-0.5 1.5 -3.5 -6.5")]
    [InlineData("m2 ^ 2", "4 0 25 64")]
    [InlineData("SUM([m1, m2])", "12 20 5 48")]
    [InlineData("SUM(METRICS())", "12 20 5 48")]
    [InlineData("AVG([m1,m2])", "6 10 5 24")]
    [InlineData("MAX([m1,m2]) - MIN([m1,m2])", "8 20 0 32")]
    [InlineData("m2 / SUM(m2)", "0.133 0 0.333 0.533")]
    [InlineData("FILL(m1, 0)", "10 20 0 40")]
    [InlineData("FILL(m1, REPEAT)", "10 20 20 40")]
    [InlineData("FILL(m1, LINEAR)", "10 20 30 40")]
    [InlineData("RATE(m1)", "_ 0.167 _ 0.167")]
    [InlineData("DIFF(m2)", "_ -2 5 3")]
    [InlineData("m1 / 0", "_ _ _ _")]
    [InlineData("m1 / PERIOD(m1)", "0.167 0.333 _ 0.667")]
    [InlineData("CEIL(m2 / 3) + FLOOR(ABS(0 - m2) / 3)", "1 0 3 5")]
    public void Evaluate_Expression_GivesTheSeries(string expression, string expected) => Text(Evaluate(expression)).ShouldBe(expected);

    [Theory]
    [InlineData("m3", "there is no query with the id 'm3'")]
    [InlineData("1 + 2", "a number and not a time series")]
    [InlineData("[m1, m2]", "a list of time series")]
    [InlineData("m1 +", "ends too early")]
    [InlineData("m1 % m2", "'%' at character 4")]
    [InlineData("SEARCH('x')", "'''")]
    [InlineData("ANOMALY_DETECTION_BAND(m1)", "the function ANOMALY_DETECTION_BAND is not known here")]
    [InlineData("RATE(m1, m2)", "RATE does not take these arguments")]
    public void Evaluate_WhatMakesNoSense_SaysWhy(string expression, string message) =>
        Should.Throw<MathException>(() => Evaluate(expression)).Message.ShouldContain(message);

    [Fact]
    public void Evaluate_DeepNesting_IsRefused() =>
        Should.Throw<MathException>(() => Evaluate(new string('(', 500) + "m1" + new string(')', 500))).Message.ShouldContain("nested more than");

    [Fact]
    public void Evaluate_DifferentPeriods_IsRefused()
    {
        _series["m2"] = _series["m2"] with { Period = 300 };

        Should.Throw<MathException>(() => Evaluate("m1 + m2")).Message.ShouldContain("different periods");
    }

    private MetricSeries Evaluate(string expression) =>
        MetricExpression.Evaluate(expression, _series.GetValueOrDefault, () => [.. _series.Values], new MathGrid(_start, _start.AddMinutes(4)));

    private static MetricSeries Series(params double?[] values) =>
        new(60, [.. values.Index().Where(value => value.Item is not null).Select(value => (_start.AddMinutes(value.Index), value.Item!.Value))]);

    private static string Text(MetricSeries series) => string.Join(' ', Enumerable.Range(0, 4).Select(minute =>
        series.Points.Where(point => point.At == _start.AddMinutes(minute)).Select(point => FormattableString.Invariant($"{point.Value:0.###}")).FirstOrDefault("_")));
}
