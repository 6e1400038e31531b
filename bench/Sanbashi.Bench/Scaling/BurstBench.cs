using System.Globalization;
using System.Net;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench.Scaling;

/// <summary>
/// 200 requests at once to a service without a running instance, at most 10 on each: how long until all 20 instances serve, and whether any request fails.
/// The floor is the engine's own start of 20 containers at once.
/// </summary>
internal static class BurstBench
{
    private const int Requests = 200, Instances = 20;
    private const double StartTarget = 1.2, PreparedTarget = 2;

    public static async Task<bool> Run(ScalingLab lab, int rounds, string? plots)
    {
        var scenarios = new (string Text, string State, int Count, (string, string)[] Settings)[]
        {
            ("from zero (`min-size=0`)", "STANDBY", 1, [("min-size", "0")]),
            ("`min-size=0`, `standby=20`", "STANDBY", 20, [("min-size", "0"), ("standby", "20")]),
            ("`prepared=20`", "FROZEN", 20, [("prepared", "20")]),
        };
        var alone = new List<double>();
        var times = scenarios.Select(_ => new List<double>()).ToArray();
        var memory = new double[scenarios.Length];
        var curves = new IReadOnlyList<(double, double)>?[scenarios.Length];
        var failed = 0;
        for (var i = 0; i < scenarios.Length; i++)
        {
            var (text, state, count, settings) = scenarios[i];
            await lab.IsEmpty();
            var before = ContainerMemory.Megabytes();
            var service = await lab.Service($"burst-{i}", [("idle-period", "1s"), ("scale-in-after", "1s"), .. settings]);
            for (var round = -1; round < rounds; round++)
            {
                await ScalingLab.Rests(service, state, count);
                memory[i] = ContainerMemory.Megabytes() - before;
                if (round >= 0)
                {
                    // Alternating, so that a slow moment of the machine hits both.
                    alone.Add(await EngineAlone(lab));
                }

                var (seconds, failures, curve) = await Burst(lab, service);
                failed += failures;
                if (round >= 0)
                {
                    times[i].Add(seconds);
                    curves[i] = curve;
                }
            }

            await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        }

        var floor = Statistics.Median(alone);
        Console.WriteLine($"### A burst from nothing: {Requests} requests at once, {Instances} instances\n");
        Console.WriteLine("| | all 20 serve after (p50) | fastest | slowest | to the engine alone | memory while it waits |\n| --- | ---: | ---: | ---: | ---: | ---: |");
        Console.WriteLine(Row("the engine alone: 20 containers at once", alone, floor, ""));
        for (var i = 0; i < scenarios.Length; i++)
        {
            Console.WriteLine(Row(scenarios[i].Text, times[i], floor, string.Create(CultureInfo.InvariantCulture, $"{memory[i]:0} MB")));
        }

        var isWithin = failed == 0 && Statistics.Median(times[0]) <= floor * StartTarget && Statistics.Median(times[2]) <= PreparedTarget;
        Console.WriteLine($"\nFailed requests: {failed} of {Requests * (rounds + 1) * scenarios.Length}. Targets: none failed, from zero <= 1.2 of the engine alone, `prepared=20` within 2 s: {(isWithin ? "met" : "missed")}. {rounds} rounds each; the application listens 50 ms after its start. Memory: proportional set size of the containers' processes and the engine's shims.\n");
        if (plots is not null)
        {
            var chart = new LineChart($"{Requests} requests at once to a service without a running instance", "seconds after the burst", "instances that have served");
            for (var i = 0; i < scenarios.Length; i++)
            {
                chart.Add(scenarios[i].Text.Replace("`", "", StringComparison.Ordinal), curves[i]!, isStepped: true);
            }

            chart.Write(Path.Combine(plots, "scaling-burst.svg"));
        }

        return isWithin;
    }

    private static string Row(string name, List<double> samples, double floor, string memory) => string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {Statistics.Median(samples):0.00} s | {samples.Min():0.00} s | {samples.Max():0.00} s | {Statistics.Median(samples) / floor:0.00} | {memory} |");

    private static async Task<double> EngineAlone(ScalingLab lab)
    {
        var containers = new BareContainer[Instances];
        var seconds = await ScalingLab.Time(() => Task.WhenAll(Enumerable.Range(0, Instances).Select(async i => containers[i] = await BareContainer.Start(lab.Engine, lab.Image))));
        await Task.WhenAll(containers.Select(container => container.DisposeAsync().AsTask()));
        return seconds;
    }

    private static async Task<(double Seconds, int Failures, IReadOnlyList<(double, double)> Curve)> Burst(ScalingLab lab, ServiceHandle service)
    {
        // Held long enough that no instance is free again before the last one has started.
        const int HoldSeconds = 8;
        var begun = ScalingLab.Uptime();
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => lab.Platform.Gateway.Get(service.Host, $"/cgi-bin/hold?{HoldSeconds}")));
        var failures = answers.Count(answer => answer.Status != HttpStatusCode.OK);
        var firsts = answers.Where(answer => answer.Status == HttpStatusCode.OK)
            .Select(answer => answer.Body.Split(' ', StringSplitOptions.TrimEntries))
            .GroupBy(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture) - begun)
            .Select(instance => instance.Min())
            .Order()
            .ToList();
        return (firsts.Count < Instances ? double.PositiveInfinity : firsts[Instances - 1], failures, [(0, 0), .. firsts.Select((second, index) => (Math.Max(0, second), index + 1.0))]);
    }
}
