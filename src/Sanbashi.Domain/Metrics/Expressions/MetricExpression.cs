using System.Globalization;

namespace Sanbashi.Domain.Metrics.Expressions;

/// <summary>
/// CloudWatch's metric math, as far as common dashboards need it: numbers, ids, <c>+ - * / ^</c>, parentheses, lists in brackets, and the functions of
/// <see cref="MathFunctions.Names"/>. Reads and evaluates in one pass: 1. sums, 2. products, 3. powers, 4. signs, 5. single values.
/// </summary>
public sealed class MetricExpression
{
    /// <summary>Parentheses within parentheses.</summary>
    private const int MaxDepth = 50;

    private readonly string _text;
    private readonly Func<string, MetricSeries?> _find;
    private readonly Func<IReadOnlyList<MetricSeries>> _all;
    private readonly MathGrid _grid;
    private int _at;
    private int _depth;

    private MetricExpression(string text, Func<string, MetricSeries?> find, Func<IReadOnlyList<MetricSeries>> all, MathGrid grid)
    {
        _text = text;
        _find = find;
        _all = all;
        _grid = grid;
    }

    /// <param name="find">The series of an id; null when there is none.</param>
    /// <param name="all">Those that METRICS() stands for.</param>
    /// <param name="grid">The periods that FILL fills.</param>
    /// <exception cref="MathException">It cannot be evaluated.</exception>
    public static MetricSeries Evaluate(string text, Func<string, MetricSeries?> find, Func<IReadOnlyList<MetricSeries>> all, MathGrid grid)
    {
        var expression = new MetricExpression(text, find, all, grid);
        var value = expression.Sum();
        expression.SkipSpace();
        if (expression._at < text.Length)
        {
            throw expression.Unexpected();
        }

        return value is MathSeries { Series: var series }
            // What was divided by zero has no value, and so no point.
            ? series with { Points = [.. series.Points.Where(static point => double.IsFinite(point.Value))] }
            : throw new MathException(value is MathNumber ? "it is a number and not a time series" : "it is a list of time series, and an answer holds one; use SUM, AVG, MIN or MAX");
    }

    // 1.
    private MathValue Sum()
    {
        if (++_depth > MaxDepth)
        {
            throw new MathException($"it is nested more than {MaxDepth} deep");
        }

        var left = Product();
        while (Take('+') is var plus && (plus || Take('-')))
        {
            left = MathFunctions.Combine(left, Product(), plus ? static (a, b) => a + b : static (a, b) => a - b);
        }

        _depth--;
        return left;
    }

    // 2.
    private MathValue Product()
    {
        var left = Power();
        while (Take('*') is var times && (times || Take('/')))
        {
            left = MathFunctions.Combine(left, Power(), times ? static (a, b) => a * b : static (a, b) => a / b);
        }

        return left;
    }

    // 3.
    private MathValue Power()
    {
        var left = Sign();
        return Take('^') ? MathFunctions.Combine(left, Sign(), Math.Pow) : left;
    }

    // 4.
    private MathValue Sign()
    {
        var isNegative = false;
        while (Take('-') is var minus && (minus || Take('+')))
        {
            isNegative ^= minus;
        }

        return isNegative ? MathFunctions.Map(Single(), static value => -value) : Single();
    }

    // 5.
    private MathValue Single()
    {
        if (Take('('))
        {
            var inner = Sum();
            Expect(')');
            return inner;
        }

        if (Take('['))
        {
            var items = Arguments(']').Select(item => item is MathSeries series ? series.Series : throw new MathException("a list in brackets holds time series only"));
            return new MathList([.. items]);
        }

        if (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            return new MathNumber(Number());
        }

        var name = Name();
        if (!Take('('))
        {
            return _find(name) is { } series ? new MathSeries(series)
                : name is "REPEAT" or "LINEAR" ? MathFunctions.FillMode(name)
                : throw new MathException($"there is no query with the id '{name}'");
        }

        var arguments = Arguments(')');
        return name == "METRICS" && arguments.Count == 0 ? new MathList(_all()) : MathFunctions.Call(name, arguments, _grid);
    }

    private List<MathValue> Arguments(char end)
    {
        var arguments = new List<MathValue>();
        if (Take(end))
        {
            return arguments;
        }

        do
        {
            arguments.Add(Sum());
        }
        while (Take(','));
        Expect(end);
        return arguments;
    }

    private double Number()
    {
        var begin = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        return double.TryParse(_text.AsSpan(begin, _at - begin), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new MathException($"'{_text[begin.._at]}' is not a number");
    }

    private string Name()
    {
        var begin = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        return _at > begin ? _text[begin.._at] : throw Unexpected();
    }

    private bool Take(char symbol)
    {
        SkipSpace();
        if (_at < _text.Length && _text[_at] == symbol)
        {
            _at++;
            SkipSpace();
            return true;
        }

        return false;
    }

    private void Expect(char symbol)
    {
        if (!Take(symbol))
        {
            throw Unexpected();
        }
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private MathException Unexpected() => new(_at < _text.Length
        ? $"'{_text[_at]}' at character {_at + 1} is not expected there (known are + - * / ^, parentheses, lists in brackets and the functions {string.Join(", ", MathFunctions.Names)})"
        : "it ends too early");
}
