namespace Sanbashi.Domain.Routing;

/// <summary>
/// The buckets in which latencies are counted: 23 per decade from 0.1 ms to 120 s, so that a percentile is at most some 6% off. Every bound of
/// <see cref="LatencyBounds"/> is one of these, so coarser counts can be made of finer ones exactly.
/// </summary>
public static class LatencyScale
{
    private static readonly decimal[] _steps =
        [1m, 1.1m, 1.2m, 1.35m, 1.5m, 1.65m, 1.8m, 2m, 2.25m, 2.5m, 2.75m, 3m, 3.3m, 3.6m, 4m, 4.5m, 5m, 5.5m, 6m, 6.6m, 7.3m, 8m, 9m];

    private static readonly double[] _bounds = Make();
    private static readonly int[] _coarse = [.. _bounds.Select(bound => IndexIn(LatencyBounds.Seconds, bound)), LatencyBounds.Seconds.Count];

    /// <summary>Upper bounds in seconds, ascending; one more bucket is for everything above.</summary>
    public static IReadOnlyList<double> Bounds => _bounds;

    public static int Buckets => _bounds.Length + 1;

    /// <summary>The first bucket whose bound is not below.</summary>
    public static int BucketOf(double seconds)
    {
        var found = Array.BinarySearch(_bounds, seconds);
        return found < 0 ? ~found : found;
    }

    /// <summary>Zero for the first, as nothing takes less.</summary>
    public static double LowerBound(int bucket) => bucket == 0 ? 0 : _bounds[bucket - 1];

    /// <summary>The last bound for what lies above it.</summary>
    public static double UpperBound(int bucket) => _bounds[Math.Min(bucket, _bounds.Length - 1)];

    /// <summary>The same counts in the buckets of <see cref="LatencyBounds"/>.</summary>
    public static long[] Coarsen(ReadOnlySpan<long> counts)
    {
        var coarse = new long[LatencyBounds.Seconds.Count + 1];
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            coarse[_coarse[bucket]] += counts[bucket];
        }

        return coarse;
    }

    private static double[] Make()
    {
        var bounds = new List<double>();
        for (var decade = 0.0001m; decade <= 100m; decade *= 10)
        {
            bounds.AddRange(_steps.Select(step => step * decade).Where(bound => bound <= 120m).Select(bound => (double)bound));
        }

        return [.. bounds];
    }

    private static int IndexIn(IReadOnlyList<double> bounds, double value)
    {
        var index = 0;
        while (index < bounds.Count && value > bounds[index])
        {
            index++;
        }

        return index;
    }
}
