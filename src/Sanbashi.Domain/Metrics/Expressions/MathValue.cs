namespace Sanbashi.Domain.Metrics.Expressions;

/// <summary>What an expression can be: a number, a series, or several series.</summary>
internal abstract record MathValue;

internal sealed record MathNumber(double Value) : MathValue;

internal sealed record MathSeries(MetricSeries Series) : MathValue;

internal sealed record MathList(IReadOnlyList<MetricSeries> Items) : MathValue;
