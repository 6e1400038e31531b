using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Metrics;

/// <summary>Latencies of any number of requests, counted in the buckets of <see cref="LatencyScale"/>. Histograms of other times or gateways can be added. Not safe for concurrent use.</summary>
public sealed class LatencyHistogram
{
    /// <summary>Made with the first count: most minutes of most services have none.</summary>
    private long[] _counts = [];

    public long Total { get; private set; }

    public LatencyCounts Counts => LatencyCounts.Of(_counts);

    public void Add(LatencyCounts counts)
    {
        for (var i = 0; i < counts.Counts.Count && counts.First + i < LatencyScale.Buckets; i++)
        {
            Add(counts.First + i, counts.Counts[i]);
        }
    }

    public void Add(int bucket, long count)
    {
        if (_counts.Length == 0)
        {
            _counts = new long[LatencyScale.Buckets];
        }

        _counts[bucket] += count;
        Total += count;
    }

    /// <summary>Seconds below which the given part of the requests stayed, within a bucket as if they lay evenly in it; null without any.</summary>
    public double? Quantile(double part)
    {
        if (Total == 0)
        {
            return null;
        }

        var rank = Math.Clamp(part, 0, 1) * Total;
        long below = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            if (_counts[bucket] > 0 && below + _counts[bucket] >= rank)
            {
                var (lower, upper) = (LatencyScale.LowerBound(bucket), LatencyScale.UpperBound(bucket));
                return lower + ((upper - lower) * (rank - below) / _counts[bucket]);
            }

            below += _counts[bucket];
        }

        return LatencyScale.UpperBound(_counts.Length - 1);
    }

    /// <summary>Lower bound of the fastest and upper bound of the slowest request's bucket; null without any.</summary>
    public (double Fastest, double Slowest)? Range()
    {
        var counts = Counts;
        return Total == 0 ? null : (LatencyScale.LowerBound(counts.First), LatencyScale.UpperBound(counts.First + counts.Counts.Count - 1));
    }
}
