using System.Globalization;
using System.Net;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench;

/// <summary>Proportional set size of all of the platform's processes, with 0, 20 and more services that each run a real instance and have answered requests.</summary>
internal static class MemoryBench
{
    private const int TargetServices = 20;
    private const int TargetMegabytes = 200;
    private const int RequestsPerService = 20;

    public static async Task<int> Run(int services)
    {
        Machine.WriteHeading("Memory", "bench/memory/run");
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        var image = await new TestImages(engine).BusyBox();
        await using var platform = await Platform.Start();
        Console.WriteLine("| services | supervisor | control plane | gateway | together | target | instances' shims, for comparison |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        var isWithin = true;
        var running = new List<ServiceHandle>();
        foreach (var step in new[] { 0, TargetServices, services }.Distinct())
        {
            while (running.Count < step)
            {
                running.Add(await platform.Api.RunService($"memory-{running.Count}", image));
            }

            foreach (var service in running)
            {
                for (var i = 0; i < RequestsPerService; i++)
                {
                    await Answer(platform, service);
                }
            }

            isWithin &= await WriteRow(platform, step);
        }

        foreach (var service in running)
        {
            await service.Delete();
        }

        return isWithin ? 0 : 1;
    }

    private static async Task Answer(Platform platform, ServiceHandle service)
    {
        var (status, body) = await platform.Gateway.Get(service.Host, "/");
        if (status != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"{service.Name} answered {status}: {body}");
        }
    }

    private static async Task<bool> WriteRow(Platform platform, int services)
    {
        var status = await platform.Status();
        var supervisor = Megabytes((int)status["pid"]!);
        var controlPlane = Megabytes((await platform.ProcessId("control-plane"))!.Value);
        var gateway = Megabytes((await platform.ProcessId("gateway"))!.Value);
        var together = supervisor + controlPlane + gateway;
        var isWithin = services != TargetServices || together <= TargetMegabytes;
        var target = services == TargetServices ? $"<= {TargetMegabytes} MB: {(isWithin ? "met" : "missed")} ({together / TargetMegabytes:0.00}x)" : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {services} | {supervisor:0.0} MB | {controlPlane:0.0} MB | {gateway:0.0} MB | {together:0.0} MB | {target} | {Shims():0} MB |"));
        return isWithin;
    }

    private static double Shims() => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _) && Name(name!).StartsWith("containerd-shim", StringComparison.Ordinal))
        .Sum(name => Megabytes(int.Parse(name!, CultureInfo.InvariantCulture)));

    private static string Name(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static double Megabytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return 0;
        }
    }
}
