using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench;

/// <summary>Latency of signed calls, one after another on one connection, as a script or a pipeline makes them.</summary>
internal static class ApiBench
{
    private const double TargetMilliseconds = 5;
    private const int WarmUps = 50;
    private const int Services = 20;

    /// <summary>Creations measured: each starts an instance, so they cannot be as many as the other calls.</summary>
    private const int Creations = 60;

    public static async Task<int> Run(int calls)
    {
        Machine.WriteHeading("API latency", "bench/api/run");
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        var image = await new TestImages(engine).BusyBox();
        await using var platform = await Platform.Start();
        var api = platform.Api;
        var creations = new List<double>();
        var services = new List<ServiceHandle>();
        for (var i = 0; i < Services; i++)
        {
            services.Add(await api.RunService($"api-{i}", image));
        }

        // As many as warm up the other calls, and each when the one before has come to its end.
        for (var i = -WarmUps; i < Creations; i++)
        {
            ServiceHandle? created = null;
            var seconds = await Time(async () => created = await api.CreateService($"creation-{i + WarmUps}", image));
            if (i >= 0)
            {
                creations.Add(seconds);
            }

            await created!.WaitForOperation(created.CreateOperation, "SUCCEEDED");
            await created.WaitForOperation(await created.Delete(), "SUCCEEDED");
        }

        var one = new JsonObject { ["ServiceArn"] = services[0].Arn };
        var tag = new JsonObject { ["ResourceArn"] = services[0].Arn, ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "bench", ["Value"] = "1" }) };
        var rows = new List<(string Operation, List<double> Samples)>
        {
            ("DescribeService", await Repeat(calls, () => api.AppRunner("DescribeService", one))),
            ($"ListServices ({Services} services)", await Repeat(calls / 4, () => api.AppRunner("ListServices", []))),
            ("ListOperations", await Repeat(calls / 4, () => api.AppRunner("ListOperations", one))),
            ("ListTagsForResource", await Repeat(calls / 4, () => api.AppRunner("ListTagsForResource", new JsonObject { ["ResourceArn"] = services[0].Arn }))),
            ("TagResource (a write)", await Repeat(calls / 4, () => api.AppRunner("TagResource", tag))),
            ("CreateService (answer)", creations),
        };
        foreach (var service in services)
        {
            await service.Delete();
        }

        Console.WriteLine("| operation | calls | p50 | p99 | slowest | target for p50 |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var (operation, samples) in rows)
        {
            var median = Statistics.Median(samples);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {operation} | {samples.Count} | {median:0.00} ms | {Statistics.Percentile(samples, 0.99):0.00} ms | {samples.Max():0.00} ms | < {TargetMilliseconds:0} ms: {(median < TargetMilliseconds ? "met" : "missed")} ({median / TargetMilliseconds:0.00}x) |"));
        }

        Console.WriteLine();
        Console.WriteLine($"Signing by the client is part of each time; a twentieth of the calls, at least {WarmUps}, warm up first.");
        return rows.All(row => Statistics.Median(row.Samples) < TargetMilliseconds) ? 0 : 1;
    }

    private static async Task<List<double>> Repeat(int calls, Func<Task> call)
    {
        for (var i = 0; i < Math.Max(WarmUps, calls / 20); i++)
        {
            await call();
        }

        var samples = new List<double>(calls);
        for (var i = 0; i < calls; i++)
        {
            samples.Add(await Time(call));
        }

        return samples;
    }

    private static async Task<double> Time(Func<Task> call)
    {
        var begun = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
