using Sanbashi.Domain.Metrics;

namespace Sanbashi.Domain.Tests.Metrics;

public sealed class MetricHourTests
{
    [Fact]
    public void Pack_AnyHour_IsReadBackAsItWas()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var hour = RandomHour(random, minutes: random.Next(0, 61));

            var read = MetricHour.Unpack(hour.Pack());

            read.Minutes.Keys.ShouldBe(hour.Minutes.Keys, $"seed {seed}");
            foreach (var (number, minute) in hour.Minutes)
            {
                ShouldBeSame(read.Minutes[number], minute, $"seed {seed}, minute {number}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("Y2UAAA==")]
    public void Unpack_SomethingElse_IsRefused(string text) => Should.Throw<FormatException>(() => MetricHour.Unpack(text));

    [Fact]
    public void Unpack_AnHourThatIsCutOff_IsRefusedOrShorter()
    {
        var packed = Convert.FromBase64String(RandomHour(new Random(1), 60).Pack());
        for (var length = 0; length < packed.Length; length += 7)
        {
            try
            {
                MetricHour.Unpack(Convert.ToBase64String(packed.AsSpan(0, length))).Minutes.Count.ShouldBeLessThanOrEqualTo(60);
            }
            catch (FormatException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void Pack_AnIdleHour_IsSmall()
    {
        var hour = new MetricHour();
        for (var number = 0; number < 60; number++)
        {
            var minute = new MetricMinute
            {
                [MetricGauge.InFlight] = new(60, 0, 0, 0), [MetricGauge.Waiting] = new(60, 0, 0, 0),
                [MetricGauge.Active] = new(6, 0, 0, 0), [MetricGauge.Frozen] = new(6, 6, 1, 1), [MetricGauge.Other] = new(6, 0, 0, 0),
            };
            hour.Set(number, minute);
        }

        hour.Pack().Length.ShouldBeLessThan(200);
        RandomHour(new Random(7), 60).Pack().Length.ShouldBeLessThan(8000);
    }

    internal static MetricHour RandomHour(Random random, int minutes)
    {
        var hour = new MetricHour();
        foreach (var number in Enumerable.Range(0, 60).OrderBy(_ => random.Next()).Take(minutes))
        {
            var minute = new MetricMinute();
            if (random.Next(4) > 0)
            {
                for (var i = 0; i < 5; i++)
                {
                    minute.Traffic.Statuses[i] = random.Next(0, 5000);
                }

                minute.Traffic.Refused = random.Next(0, 10);
                minute.Traffic.ColdStarts = random.Next(0, 3);
                minute.Traffic.Highest = random.Next(0, 100);
                minute.Traffic.LatencySeconds = random.Next(0, 1_000_000_000) / 1e6;
                for (var i = 0; i < 30; i++)
                {
                    minute.Traffic.Latency.Add(random.Next(20, 90), random.Next(1, 500));
                }
            }

            foreach (var gauge in Enum.GetValues<MetricGauge>())
            {
                if (random.Next(3) > 0)
                {
                    minute[gauge] = new Measure(random.Next(1, 61), random.Next(0, 1000), random.Next(0, 5), random.Next(5, 100));
                }
            }

            hour.Set(number, minute);
        }

        return hour;
    }

    private static void ShouldBeSame(MetricMinute read, MetricMinute written, string what)
    {
        read.Traffic.Statuses.ShouldBe(written.Traffic.Statuses, what);
        read.Traffic.Latency.Counts.Counts.ShouldBe(written.Traffic.Latency.Counts.Counts, what);
        read.Traffic.LatencySeconds.ShouldBe(written.Traffic.LatencySeconds, 1e-6, what);
        (read.Traffic.Refused, read.Traffic.ColdStarts, read.Traffic.Highest).ShouldBe((written.Traffic.Refused, written.Traffic.ColdStarts, written.Traffic.Highest), what);
        foreach (var gauge in Enum.GetValues<MetricGauge>())
        {
            read[gauge].ShouldBe(written[gauge], $"{what}, {gauge}");
        }
    }
}
