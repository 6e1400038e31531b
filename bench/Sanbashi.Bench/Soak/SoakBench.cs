using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;
using Sanbashi.Bench.Scaling;

namespace Sanbashi.Bench.Soak;

/// <summary>
/// A platform under mixed load at half of what its services may take: clients of every kind on one service that is deployed anew now and then, a tide on another
/// that makes instances come and go, and one that goes to zero and is woken. Nothing may fail, and nothing may grow.
/// </summary>
internal static class SoakBench
{
    private const double MemoryTarget = 1.10;
    private const int FilesTarget = 20;
    private const int TideMost = 50;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20), DeploymentEvery = TimeSpan.FromMinutes(5), WakeEvery = TimeSpan.FromSeconds(30), TidePeriod = TimeSpan.FromSeconds(40);

    public static async Task<int> Run(int minutes, string? plots)
    {
        Machine.WriteHeading("Soak", $"bench/soak/run {minutes}");
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        var image = await new TestImages(engine).TestApp();
        await using var platform = await Platform.Start();
        var before = await Containers(engine);
        var scaling = (string)(await platform.Api.AppRunner("CreateAutoScalingConfiguration", new JsonObject
        {
            ["AutoScalingConfigurationName"] = "soak", ["MaxConcurrency"] = 10, ["MinSize"] = 1, ["MaxSize"] = 10,
        }))["AutoScalingConfiguration"]!["AutoScalingConfigurationArn"]!;
        var steady = await Service("steady");
        var tidal = await Service("tidal", ("idle-period", "2s"), ("scale-in-after", "5s"), ("min-size", "0"));
        var sleeper = await Service("sleeper", ("idle-period", "3s"), ("min-size", "0"));

        var time = TimeProvider.System;
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(minutes), time);
        var begun = time.GetTimestamp();
        await using var load = await LoadGenerator.Start(platform.Http, steady.Host, new LoadOptions { KeepAliveClients = 2, SlowClients = 2, UploadClients = 1, EventStreamClients = 2, WebSocketClients = 2, Pace = TimeSpan.FromMilliseconds(50) });
        // At most half of ten instances with ten requests each.
        var tide = new Tide(platform.Gateway, tidal.Host, "/slow?ms=500", TideMost, TidePeriod);
        var rare = new Tide(platform.Gateway, sleeper.Host, "/", 1, WakeEvery);
        var deployments = 0;
        Task[] work = [tide.Run(stop.Token), Every(WakeEvery, rare.AskOnce), Every(DeploymentEvery, async () =>
        {
            await steady.WaitForOperation(await steady.StartDeployment(), "SUCCEEDED");
            deployments++;
        })];
        var samples = new List<SoakSample>();
        await Every(Look, async () => samples.Add(await Sample(platform, engine, time.GetElapsedTime(begun).TotalMinutes)));
        await Task.WhenAll(work);
        var report = await load.Stop();
        foreach (var service in new[] { steady, tidal, sleeper })
        {
            await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        }

        var left = await Containers(engine);
        return Report(samples, report, tide, rare, deployments, left.All - before.All, plots) ? 0 : 1;

        Task<ServiceHandle> Service(string name, params (string Name, string Value)[] settings) => platform.Api.RunService(name, image, new ServiceRequest
        {
            Memory = 512, AutoScalingConfigurationArn = scaling, Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        });

        async Task Every(TimeSpan interval, Func<Task> act)
        {
            using var timer = new PeriodicTimer(interval, time);
            try
            {
                while (await timer.WaitForNextTickAsync(stop.Token))
                {
                    await act();
                }
            }
            catch (OperationCanceledException)
            {
                // The time is over.
            }
        }
    }

    private static async Task<SoakSample> Sample(Platform platform, EngineApi engine, double minutes)
    {
        var status = await platform.Status();
        var (all, running) = await Containers(engine);
        return new SoakSample(
            minutes,
            ProcessFigures.Of((int)status["pid"]!),
            ProcessFigures.Of((await platform.ProcessId("control-plane"))!.Value),
            ProcessFigures.Of((await platform.ProcessId("gateway"))!.Value),
            all,
            running,
            Megabytes(platform.State, "sanbashi.db*", SearchOption.TopDirectoryOnly),
            Megabytes(Path.Combine(platform.State, "logs"), "*", SearchOption.AllDirectories));
    }

    private static double Megabytes(string folder, string pattern, SearchOption depth) =>
        new DirectoryInfo(folder).EnumerateFiles(pattern, depth).Sum(file => file.Length) / (1024.0 * 1024);

    private static async Task<(int All, int Running)> Containers(EngineApi engine)
    {
        var containers = (await engine.Get("containers/json?all=1")).AsArray();
        return (containers.Count, containers.Count(container => (string)container!["State"]! == "running"));
    }

    private static bool Report(List<SoakSample> samples, LoadReport load, Tide tide, Tide rare, int deployments, int leftContainers, string? plots)
    {
        // The first quarter is warming up: what counts is whether the last is more than the second.
        var (second, last) = (Quarter(samples, 1), Quarter(samples, 3));
        Console.WriteLine("| median of the | supervisor | control plane | gateway | together | files and sockets (control plane, gateway) | threads | store | logs |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        WriteRow("second quarter", second);
        WriteRow("last quarter", last);
        var growth = Median(last, sample => sample.Together) / Median(second, sample => sample.Together);
        var files = Files(last) - Files(second);
        var failures = load.Failures.Count + tide.Failures.Values.Sum() + rare.Failures.Values.Sum();
        var isWithin = failures == 0 && growth <= MemoryTarget && files <= FilesTarget && leftContainers == 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{load.Requests} exchanges of keep-alive, slow, upload, event-stream and WebSocket clients through {deployments} deployments; {tide.Answered} requests of a load between 0 and {TideMost} at once, for which between {samples.Min(sample => sample.Running)} and {samples.Max(sample => sample.Running)} containers ran; {rare.Answered} requests from zero. Failed: {failures} (target none). Memory: {growth:0.00}x (target <= {MemoryTarget:0.00}x). Files and sockets: {files:+0;-0;0} (target <= +{FilesTarget}). Containers left after deletion: {leftContainers} (target 0). {(isWithin ? "Met" : "Missed")}.\n"));
        foreach (var (reason, count) in tide.Failures.Concat(rare.Failures))
        {
            Console.WriteLine($"- {count} x {reason}");
        }

        if (load.Failures.Count > 0)
        {
            Console.WriteLine(load);
        }

        if (plots is not null)
        {
            var chart = new LineChart("Memory of the platform under an unending load", "minutes", "megabytes (proportional set size); containers");
            chart.Add("control plane", [.. samples.Select(sample => (sample.Minutes, sample.ControlPlane.Megabytes))]);
            chart.Add("gateway", [.. samples.Select(sample => (sample.Minutes, sample.Gateway.Megabytes))]);
            chart.Add("supervisor", [.. samples.Select(sample => (sample.Minutes, sample.Supervisor.Megabytes))]);
            chart.Add("containers", [.. samples.Select(sample => (sample.Minutes, (double)sample.Containers))]);
            chart.Write(Path.Combine(plots, "soak.svg"));
        }

        return isWithin;
    }

    private static List<SoakSample> Quarter(List<SoakSample> samples, int number) => samples[(samples.Count * number / 4)..(samples.Count * (number + 1) / 4)];

    private static double Median(List<SoakSample> samples, Func<SoakSample, double> figure) => Statistics.Median([.. samples.Select(figure)]);

    private static double Files(List<SoakSample> samples) => Median(samples, sample => sample.ControlPlane.Files + sample.Gateway.Files + sample.Supervisor.Files);

    private static void WriteRow(string name, List<SoakSample> samples) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {Median(samples, sample => sample.Supervisor.Megabytes):0.0} MB | {Median(samples, sample => sample.ControlPlane.Megabytes):0.0} MB | {Median(samples, sample => sample.Gateway.Megabytes):0.0} MB | {Median(samples, sample => sample.Together):0.0} MB | {Median(samples, sample => sample.ControlPlane.Files):0} ({Median(samples, sample => sample.ControlPlane.Sockets):0}), {Median(samples, sample => sample.Gateway.Files):0} ({Median(samples, sample => sample.Gateway.Sockets):0}) | {Median(samples, sample => sample.ControlPlane.Threads + sample.Gateway.Threads + sample.Supervisor.Threads):0} | {Median(samples, sample => sample.Store):0.0} MB | {Median(samples, sample => sample.Logs):0.0} MB |"));
}
