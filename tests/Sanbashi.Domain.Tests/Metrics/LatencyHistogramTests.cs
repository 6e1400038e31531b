using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Tests.Metrics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Scale_HasEveryBoundOfTheCoarserOne()
    {
        LatencyBounds.Seconds.ShouldBeSubsetOf(LatencyScale.Bounds);
        LatencyScale.Bounds.ShouldBeInOrder();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.001, 0.001)]
    [InlineData(0.00101, 0.0011)]
    [InlineData(0.0025, 0.0025)]
    [InlineData(1000, 120)]
    public void Bucket_OfALatency_IsTheFirstThatHoldsIt(double seconds, double upper)
    {
        LatencyScale.UpperBound(LatencyScale.BucketOf(seconds)).ShouldBe(Math.Max(upper, LatencyScale.Bounds[0]));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void Quantile_OfManyLatencies_IsWithinSixPercent(double part)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var latencies = Enumerable.Range(0, 2000).Select(_ => 0.001 * Math.Exp(random.NextDouble() * 6)).Order().ToList();
            var histogram = Of(latencies);

            var exact = latencies[(int)(part * latencies.Count)];
            histogram.Quantile(part).ShouldNotBeNull().ShouldBe(exact, exact * 0.06, $"seed {seed}");
        }
    }

    [Fact]
    public void Histograms_OfTwoTimes_AddUpToThatOfBoth()
    {
        var (first, second) = (Of([0.01, 0.02]), Of([0.5, 200]));
        first.Add(second.Counts);

        first.Total.ShouldBe(4);
        first.Counts.Counts.ShouldBe(Of([0.01, 0.02, 0.5, 200]).Counts.Counts);
        first.Range().ShouldBe((0.009, 120));
    }

    [Fact]
    public void Coarsen_KeepsEveryRequest()
    {
        var fine = new long[LatencyScale.Buckets];
        fine[LatencyScale.BucketOf(0.002)] = 3;
        fine[LatencyScale.BucketOf(0.0025)] = 4;
        fine[LatencyScale.BucketOf(500)] = 5;

        var coarse = LatencyScale.Coarsen(fine);

        coarse[1].ShouldBe(7);
        coarse[^1].ShouldBe(5);
        coarse.Sum().ShouldBe(12);
    }

    [Fact]
    public void Quantile_WithoutRequests_IsUnknown() => new LatencyHistogram().Quantile(0.5).ShouldBeNull();

    private static LatencyHistogram Of(IEnumerable<double> latencies)
    {
        var histogram = new LatencyHistogram();
        foreach (var latency in latencies)
        {
            histogram.Add(LatencyScale.BucketOf(latency), 1);
        }

        return histogram;
    }
}
