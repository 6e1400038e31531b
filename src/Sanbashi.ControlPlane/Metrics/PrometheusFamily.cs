namespace Sanbashi.ControlPlane.Metrics;

/// <summary>Writes the samples of one family.</summary>
internal readonly struct PrometheusFamily(PrometheusText text, string name)
{
    public void Sample(PrometheusLabels labels, double value) => text.Sample(name, labels, value);

    /// <summary>A histogram's buckets, sum and count.</summary>
    /// <param name="bounds">Upper bounds, ascending.</param>
    /// <param name="counts">One per bound, and one for everything above; each observation is in exactly one.</param>
    public void Histogram(PrometheusLabels labels, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        long total = 0;
        for (var i = 0; i <= bounds.Count; i++)
        {
            total += i < counts.Count ? counts[i] : 0;
            var bound = i < bounds.Count ? PrometheusText.Number(bounds[i]) : "+Inf";
            text.Sample($"{name}_bucket", labels.With("le", bound), total);
        }

        text.Sample($"{name}_sum", labels, sum);
        text.Sample($"{name}_count", labels, total);
    }
}
