using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Metrics;

/// <summary>Sums what this process' own instruments (meters whose names start with <c>sanbashi.</c>) record, for scrapes: counters and histograms.</summary>
internal sealed class InstrumentTotals : IDisposable
{
    /// <summary>Label sets per instrument; what comes beyond is counted under <c>overflow="true"</c>, so that odd values cannot fill the memory.</summary>
    private const int MaxSeries = 500;

    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public InstrumentTotals()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("sanbashi.", StringComparison.OrdinalIgnoreCase) && IsHistogram(instrument) is not null)
            {
                listener.EnableMeasurementEvents(instrument, _series.GetOrAdd(instrument.Name, _ => new Series(instrument, IsHistogram(instrument) == true)));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, series) => ((Series)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, series) => ((Series)series!).Record(value, tags));
        _listener.Start();
    }

    public void Write(PrometheusText text)
    {
        foreach (var series in _series.Values.OrderBy(series => series.FamilyName, StringComparer.Ordinal))
        {
            series.Write(text);
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Null for kinds that are not summed.</summary>
    private static bool? IsHistogram(Instrument instrument) => instrument switch
    {
        Counter<long> => false,
        Histogram<double> => true,
        _ => null,
    };

    private sealed class Series(Instrument instrument, bool isHistogram)
    {
        private readonly ConcurrentDictionary<string, Total> _totals = new(StringComparer.Ordinal);

        public string FamilyName { get; } = Name(instrument, isHistogram);

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = PrometheusLabels.None;
            foreach (var (name, tag) in tags)
            {
                labels = labels.With(name, tag?.ToString() ?? "");
            }

            if (!_totals.TryGetValue(labels.Text, out var total))
            {
                total = _totals.GetOrAdd(_totals.Count < MaxSeries ? labels.Text : "overflow=\"true\"", _ => new Total());
            }

            total.Add(value);
        }

        public void Write(PrometheusText text)
        {
            var family = text.Family(FamilyName, isHistogram ? "histogram" : "counter", instrument.Description ?? instrument.Name);
            foreach (var (labels, total) in _totals.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                var (counts, sum) = total.Read();
                if (isHistogram)
                {
                    family.Histogram(new PrometheusLabels(labels), LatencyBounds.Seconds, counts, sum);
                }
                else
                {
                    family.Sample(new PrometheusLabels(labels), sum);
                }
            }
        }

        /// <summary>As OpenTelemetry maps its names: dots to underscores, the unit spelled out, <c>_total</c> for counters.</summary>
        private static string Name(Instrument instrument, bool isHistogram)
        {
            var name = instrument.Name.Replace('.', '_').Replace('-', '_');
            return name + (instrument.Unit == "s" ? "_seconds" : "") + (isHistogram ? "" : "_total");
        }
    }

    private sealed class Total
    {
        private readonly Lock _gate = new();
        private readonly long[] _counts = new long[LatencyBounds.Seconds.Count + 1];
        private double _sum;

        public void Add(double value)
        {
            var bucket = 0;
            while (bucket < LatencyBounds.Seconds.Count && value > LatencyBounds.Seconds[bucket])
            {
                bucket++;
            }

            lock (_gate)
            {
                _counts[bucket]++;
                _sum += value;
            }
        }

        public (long[] Counts, double Sum) Read()
        {
            lock (_gate)
            {
                return ([.. _counts], _sum);
            }
        }
    }
}
