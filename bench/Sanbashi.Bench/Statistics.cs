namespace Sanbashi.Bench;

internal static class Statistics
{
    /// <summary>The value below which that share of the samples lies (nearest rank).</summary>
    public static double Percentile(IEnumerable<double> samples, double share)
    {
        var ordered = samples.Order().ToArray();
        return ordered[Math.Clamp((int)Math.Ceiling(ordered.Length * share) - 1, 0, ordered.Length - 1)];
    }

    public static double Median(IEnumerable<double> samples) => Percentile(samples, 0.5);
}
