namespace Sanbashi.Domain.Metrics.Expressions;

/// <summary>What metric math can do with values. Two series meet where both have a value, as in CloudWatch.</summary>
internal static class MathFunctions
{
    /// <summary>Stand for the modes of FILL where a number is expected; no metric has these values.</summary>
    private const double Repeat = double.NegativeInfinity, Linear = double.PositiveInfinity;

    public static IReadOnlyList<string> Names { get; } = ["ABS", "AVG", "CEIL", "DIFF", "FILL", "FLOOR", "MAX", "METRICS", "MIN", "PERIOD", "RATE", "SUM"];

    public static MathValue FillMode(string name) => new MathNumber(name == "REPEAT" ? Repeat : Linear);

    public static MathValue Call(string name, IReadOnlyList<MathValue> arguments, MathGrid grid) => (name, arguments) switch
    {
        ("ABS", [var value]) => Map(value, Math.Abs),
        ("CEIL", [var value]) => Map(value, Math.Ceiling),
        ("FLOOR", [var value]) => Map(value, Math.Floor),
        ("SUM", [var value]) => Fold(value, static values => values.Sum()),
        ("AVG", [var value]) => Fold(value, static values => values.Average()),
        ("MIN", [var value]) => Fold(value, static values => values.Min()),
        ("MAX", [var value]) => Fold(value, static values => values.Max()),
        ("PERIOD", [MathSeries value]) => new MathNumber(value.Series.Period),
        ("RATE", [var value]) => Each(value, static series => Steps(series, static (step, seconds) => step / seconds)),
        ("DIFF", [var value]) => Each(value, static series => Steps(series, static (step, _) => step)),
        ("FILL", [var value, MathNumber with]) => Each(value, series => Fill(series, with.Value, grid)),
        _ when Names.Contains(name) => throw new MathException($"{name} does not take these arguments"),
        _ => throw new MathException($"the function {name} is not known here; known are {string.Join(", ", Names)}"),
    };

    public static MathValue Map(MathValue value, Func<double, double> map) => value is MathNumber number
        ? new MathNumber(map(number.Value))
        : Each(value, series => series with { Points = [.. series.Points.Select(point => (point.At, map(point.Value)))] });

    public static MathValue Combine(MathValue left, MathValue right, Func<double, double, double> combine) => (left, right) switch
    {
        (MathNumber a, MathNumber b) => new MathNumber(combine(a.Value, b.Value)),
        (_, MathNumber b) => Map(left, value => combine(value, b.Value)),
        (MathNumber a, _) => Map(right, value => combine(a.Value, value)),
        (MathList a, MathSeries b) => new MathList([.. a.Items.Select(item => Meet(item, b.Series, combine))]),
        (MathSeries a, MathList b) => new MathList([.. b.Items.Select(item => Meet(a.Series, item, combine))]),
        (MathSeries a, MathSeries b) => new MathSeries(Meet(a.Series, b.Series, combine)),
        _ => throw new MathException("two lists cannot be combined"),
    };

    private static MetricSeries Meet(MetricSeries left, MetricSeries right, Func<double, double, double> combine)
    {
        CheckPeriods([left, right]);
        var values = right.Points.ToDictionary(point => point.At, point => point.Value);
        return left with
        {
            Points = [.. left.Points.Where(point => values.ContainsKey(point.At)).Select(point => (point.At, Value: combine(point.Value, values[point.At]))).Where(point => double.IsFinite(point.Value))],
        };
    }

    /// <summary>Of one series: a number. Of several: a series, of what there is at each moment.</summary>
    private static MathValue Fold(MathValue value, Func<IEnumerable<double>, double> fold)
    {
        switch (value)
        {
            case MathSeries { Series.Points: { Count: > 0 } points }:
                return new MathNumber(fold(points.Select(point => point.Value)));
            case MathSeries:
                return new MathNumber(0);
            case MathList { Items: { Count: > 0 } items }:
                CheckPeriods(items);
                var moments = items.SelectMany(item => item.Points).GroupBy(point => point.At).OrderBy(moment => moment.Key);
                return new MathSeries(new MetricSeries(items[0].Period, [.. moments.Select(moment => (moment.Key, fold(moment.Select(point => point.Value))))]));
            case MathList:
                throw new MathException("a list of no time series has no sum, average, minimum or maximum");
            default:
                return value;
        }
    }

    private static MathValue Each(MathValue value, Func<MetricSeries, MetricSeries> map) => value switch
    {
        MathSeries one => new MathSeries(map(one.Series)),
        MathList list => new MathList([.. list.Items.Select(map)]),
        _ => throw new MathException("a time series is expected where a number is"),
    };

    private static MetricSeries Steps(MetricSeries series, Func<double, double, double> step) => series with
    {
        Points = [.. series.Points.Zip(series.Points.Skip(1), (before, now) => (now.At, step(now.Value - before.Value, (now.At - before.At).TotalSeconds)))],
    };

    private static MetricSeries Fill(MetricSeries series, double with, MathGrid grid)
    {
        var known = series.Points.ToDictionary(point => point.At, point => point.Value);
        var points = new List<(DateTimeOffset, double)>();
        var next = 0;
        for (var at = grid.Start; at < grid.End; at = at.AddSeconds(series.Period))
        {
            while (next < series.Points.Count && series.Points[next].At < at)
            {
                next++;
            }

            if (known.TryGetValue(at, out var value) || Guess(series, next, at, with, out value))
            {
                points.Add((at, value));
            }
        }

        return series with { Points = points };
    }

    /// <param name="next">The first point after the gap.</param>
    private static bool Guess(MetricSeries series, int next, DateTimeOffset at, double with, out double value)
    {
        value = with;
        if (double.IsFinite(with))
        {
            return true;
        }

        if (next == 0 || with == Linear && next == series.Points.Count)
        {
            return false;
        }

        var (before, from) = series.Points[next - 1];
        value = from;
        if (with == Linear)
        {
            var (after, to) = series.Points[next];
            value += (to - from) * ((at - before) / (after - before));
        }

        return true;
    }

    private static void CheckPeriods(IReadOnlyList<MetricSeries> series)
    {
        if (series.Select(one => one.Period).Distinct().Count() > 1)
        {
            throw new MathException("its metrics have different periods");
        }
    }
}
