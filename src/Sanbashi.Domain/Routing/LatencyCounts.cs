namespace Sanbashi.Domain.Routing;

/// <summary>Counts in consecutive buckets of <see cref="LatencyScale"/>; all others are zero.</summary>
/// <param name="First">The bucket of the first count.</param>
public sealed record LatencyCounts(int First, IReadOnlyList<long> Counts)
{
    public static LatencyCounts None { get; } = new(0, []);

    /// <param name="all">One count per bucket.</param>
    public static LatencyCounts Of(ReadOnlySpan<long> all)
    {
        var first = all.IndexOfAnyExcept(0);
        return first < 0 ? None : new LatencyCounts(first, all[first..(all.LastIndexOfAnyExcept(0) + 1)].ToArray());
    }
}
