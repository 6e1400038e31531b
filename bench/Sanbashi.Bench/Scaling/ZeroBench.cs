using System.Globalization;

namespace Sanbashi.Bench.Scaling;

/// <summary>The first request to a service at zero, with and without an instance that stands by, beside the engine's own start to first connection.</summary>
internal static class ZeroBench
{
    private const double Target = 1.15;

    public static async Task<bool> Run(ScalingLab lab, int rounds)
    {
        var cold = await lab.Service("zero-cold", ("min-size", "0"), ("idle-period", "1s"), ("standby", "0"));
        var ready = await lab.Service("zero-ready", ("min-size", "0"), ("idle-period", "1s"));
        var (engineAlone, fromNothing, fromStandby) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            await ScalingLab.Rests(cold, "STANDBY", 0);
            await ScalingLab.Rests(ready, "STANDBY", 1);
            BareContainer? bare = null;
            var alone = await ScalingLab.Time(async () => bare = await BareContainer.Start(lab.Engine, lab.Image));
            await bare!.DisposeAsync();
            var (nothing, standby) = (await lab.Ask(cold, "/"), await lab.Ask(ready, "/"));
            if (round >= 0)
            {
                engineAlone.Add(alone);
                fromNothing.Add(nothing);
                fromStandby.Add(standby);
            }
        }

        await cold.Delete();
        await ready.Delete();
        var floor = Statistics.Median(engineAlone);
        Console.WriteLine("### From zero to the first answer\n");
        Console.WriteLine("| | p50 | fastest | slowest | to the engine alone |\n| --- | ---: | ---: | ---: | ---: |");
        WriteRow("the engine alone: create, start, first connection", engineAlone, floor);
        WriteRow("`min-size=0`, `standby=0`", fromNothing, floor);
        WriteRow("`min-size=0` (one stands by)", fromStandby, floor);
        var isWithin = Statistics.Median(fromStandby) <= floor * Target;
        Console.WriteLine($"\nTarget <= 1.15 of the engine alone, and below it with preparation: {(isWithin ? "met" : "missed")}. {rounds} rounds; the application listens 50 ms after its start.\n");
        return isWithin;
    }

    private static void WriteRow(string name, List<double> samples, double floor) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {Statistics.Median(samples) * 1000:0} ms | {samples.Min() * 1000:0} ms | {samples.Max() * 1000:0} ms | {Statistics.Median(samples) / floor:0.00} |"));
}
