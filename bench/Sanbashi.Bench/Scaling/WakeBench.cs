using System.Globalization;

namespace Sanbashi.Bench.Scaling;

/// <summary>What a frozen instance adds to a request, beside the engine's own unpause.</summary>
internal static class WakeBench
{
    private const double MedianTarget = 0.020, HighTarget = 0.050;

    public static async Task<bool> Run(ScalingLab lab, int rounds, string? plots)
    {
        var service = await lab.Service("wake", ("idle-period", "1s"));
        var (added, engineAlone) = (new List<double>(), new List<double>());
        await using (var bare = await BareContainer.Start(lab.Engine, lab.Image))
        {
            // The first rounds warm both sides and are not counted.
            for (var round = -3; round < rounds; round++)
            {
                await bare.Pause();
                var unpaused = await ScalingLab.Time(bare.Unpause);
                await ScalingLab.Rests(service, "FROZEN", 1);
                var woken = await lab.Ask(service, "/");
                var awake = await lab.Ask(service, "/");
                if (round >= 0)
                {
                    engineAlone.Add(unpaused);
                    added.Add(Math.Max(0, woken - awake));
                }
            }
        }

        await service.Delete();
        var (median, high) = (Statistics.Median(added), Statistics.Percentile(added, 0.99));
        var isWithin = median <= MedianTarget && high <= HighTarget;
        Console.WriteLine("### Waking a frozen instance\n");
        Console.WriteLine("| | p50 | p99 | slowest |\n| --- | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| added to the request | {median * 1000:0.0} ms | {high * 1000:0.0} ms | {added.Max() * 1000:0.0} ms |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| the engine's unpause alone | {Statistics.Median(engineAlone) * 1000:0.0} ms | {Statistics.Percentile(engineAlone, 0.99) * 1000:0.0} ms | {engineAlone.Max() * 1000:0.0} ms |"));
        Console.WriteLine($"\nTarget p50 <= 20 ms, p99 <= 50 ms: {(isWithin ? "met" : "missed")}. {rounds} rounds.\n");
        if (plots is not null)
        {
            var chart = new LineChart("Time that waking adds to a request", "share of requests, %", "milliseconds");
            chart.Add("added by waking", Distribution(added));
            chart.Add("the engine's unpause alone", Distribution(engineAlone));
            chart.Write(Path.Combine(plots, "scaling-wake.svg"));
        }

        return isWithin;
    }

    private static List<(double, double)> Distribution(List<double> samples) =>
        [.. samples.Order().Select((sample, index) => (100.0 * (index + 1) / samples.Count, sample * 1000))];
}
