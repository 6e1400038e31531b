using System.Globalization;
using System.Net;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench.Scaling;

/// <summary>Load that grows to 150 requests at once and shrinks again, in a minute each: instances follow, and no request fails.</summary>
internal static class RampBench
{
    private const int Most = 150;
    private static readonly TimeSpan Half = TimeSpan.FromMinutes(1), Tail = TimeSpan.FromSeconds(30), Step = TimeSpan.FromMilliseconds(500);

    public static async Task<bool> Run(ScalingLab lab, string? plots)
    {
        var service = await lab.Service("ramp", ("idle-period", "5s"), ("scale-in-after", "10s"), ("min-size", "0"), ("standby", "2"));
        await ScalingLab.Rests(service, "STANDBY", 2);
        var time = TimeProvider.System;
        var begun = time.GetTimestamp();
        var (open, failed, answered) = (0, 0, 0);
        var workers = new List<Task>();
        var (load, instances) = (new List<(double, double)>(), new List<(double, double)>());
        while (time.GetElapsedTime(begun) is var elapsed && elapsed < Half * 2 + Tail)
        {
            var wanted = Wanted(elapsed);
            while (workers.Count < wanted)
            {
                workers.Add(Work(workers.Count));
            }

            var states = await ScalingLab.States(service);
            load.Add((elapsed.TotalSeconds, Volatile.Read(ref open)));
            instances.Add((elapsed.TotalSeconds, states.Count(state => state is not ("STANDBY" or "STARTING"))));
            await Task.Delay(Step);
        }

        await Task.WhenAll(workers);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        Console.WriteLine("### A ramp\n");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"From 0 to {Most} requests at once and back in two minutes: {answered} answered, {failed} failed, at most {instances.Max(point => point.Item2):0} instances (target: none failed, {(failed == 0 ? "met" : "missed")}).\n"));
        if (plots is not null)
        {
            var chart = new LineChart("Instances follow the load", "seconds", "tens of requests at once; instances");
            chart.Add("requests at once, in tens", [.. load.Select(point => (point.Item1, point.Item2 / 10))]);
            chart.Add("instances", instances, isStepped: true);
            chart.Write(Path.Combine(plots, "scaling-ramp.svg"));
        }

        return failed == 0;

        // One client that asks again and again, for as long as the load needs as many.
        async Task Work(int index)
        {
            while (time.GetElapsedTime(begun) is var elapsed && elapsed < Half * 2 && (elapsed < Half || Wanted(elapsed) > index))
            {
                Interlocked.Increment(ref open);
                var (status, _) = await lab.Platform.Gateway.Get(service.Host, "/cgi-bin/hold?1");
                Interlocked.Decrement(ref open);
                Interlocked.Increment(ref answered);
                if (status != HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        }
    }

    private static int Wanted(TimeSpan elapsed) => (int)(Most * (elapsed < Half ? elapsed / Half : Math.Max(0, 2 - elapsed / Half)));
}
