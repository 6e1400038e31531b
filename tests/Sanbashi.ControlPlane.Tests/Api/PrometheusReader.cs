using System.Globalization;
using System.Text.RegularExpressions;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>Reads Prometheus' text format 0.0.4 and refuses everything that its grammar or its conventions forbid.</summary>
internal sealed partial class PrometheusReader
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly HashSet<string> _helped = new(StringComparer.Ordinal);
    private string? _family;

    private PrometheusReader()
    {
    }

    public Dictionary<string, double> Samples { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Types => _types;

    public static PrometheusReader Read(string text)
    {
        text.ShouldEndWith("\n");
        text.ShouldNotContain("\r");
        var reader = new PrometheusReader();
        foreach (var line in text[..^1].Split('\n'))
        {
            reader.ReadLine(line);
        }

        reader.CheckHistograms();
        return reader;
    }

    private void ReadLine(string line)
    {
        if (Help().Match(line) is { Success: true } help)
        {
            _helped.Add(help.Groups[1].Value).ShouldBeTrue($"a second HELP: {line}");
            return;
        }

        if (Type().Match(line) is { Success: true } type)
        {
            _family = type.Groups[1].Value;
            _types.TryAdd(_family, type.Groups[2].Value).ShouldBeTrue($"a second TYPE, or a family in two places: {line}");
            _helped.ShouldContain(_family, $"TYPE without HELP before it: {line}");
            return;
        }

        var sample = Sample().Match(line);
        sample.Success.ShouldBeTrue($"not a sample: {line}");
        var name = sample.Groups[1].Value;
        _family.ShouldNotBeNull();
        var belongs = _types[_family] == "histogram"
            ? name == _family + "_bucket" || name == _family + "_sum" || name == _family + "_count"
            : name == _family;
        belongs.ShouldBeTrue($"a sample outside of its family {_family}: {line}");
        if (_types[_family] == "counter")
        {
            name.ShouldEndWith("_total");
        }

        var labels = sample.Groups[2].Captures.Select(label => label.Value).ToList();
        labels.ShouldBeUnique();
        var value = Number(sample.Groups[3].Value);
        if (_types[_family] != "gauge")
        {
            value.ShouldBeGreaterThanOrEqualTo(0, line);
        }

        Samples.TryAdd(labels.Count == 0 ? name : $"{name}{{{string.Join(",", labels)}}}", value).ShouldBeTrue($"a series twice: {line}");
    }

    /// <summary>Buckets do not fall, and the last one is the count.</summary>
    private void CheckHistograms()
    {
        foreach (var family in _types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            var buckets = Samples.Where(sample => sample.Key.StartsWith(family + "_bucket", StringComparison.Ordinal)).ToList();
            foreach (var series in buckets.GroupBy(sample => Le().Replace(sample.Key, "")))
            {
                var ordered = series.Select(sample => (Bound: Number(Le().Match(sample.Key).Groups[1].Value), sample.Value)).OrderBy(bucket => bucket.Bound).ToList();
                ordered.Select(bucket => bucket.Value).ShouldBeInOrder();
                ordered[^1].Bound.ShouldBe(double.PositiveInfinity);
                var labels = series.Key[(family.Length + "_bucket".Length)..].Replace("{}", "");
                Samples[family + "_count" + labels].ShouldBe(ordered[^1].Value);
                Samples.ShouldContainKey(family + "_sum" + labels);
            }
        }
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"\A# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)+\z")]
    private static partial Regex Help();

    [GeneratedRegex(@"\A# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)\z")]
    private static partial Regex Type();

    [GeneratedRegex("""\A([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:([a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\\\|\\"|\\n)*")(?:,(?!\})|(?=\})))+\})? (\+Inf|-Inf|NaN|[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\z""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?:,)?le="([^"]*)"(?=\})""")]
    private static partial Regex Le();
}
