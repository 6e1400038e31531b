using System.Diagnostics;
using System.Globalization;
using System.Net;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench;

/// <summary>How much longer than <c>docker run</c> it takes from CreateService to the first answer, for an image that is on the machine. Alternating, medians.</summary>
internal static class DeploymentBench
{
    /// <summary>What a deployment may add to <c>docker run</c>.</summary>
    private const double TargetSeconds = 0.5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task<int> Run(int rounds)
    {
        Machine.WriteHeading("Deployment time", "bench/deployment/run");
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        var images = new TestImages(engine);
        await using var platform = await Platform.Start();
        Console.WriteLine("| image | `docker run` to first 200 | `create-service` to first 200 | difference | target | update to SUCCEEDED |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        var isWithin = true;
        foreach (var (name, image) in new[] { ("busybox httpd", await images.BusyBox()), ("ASP.NET Core application", await images.TestApp()) })
        {
            var (bare, created, updated) = (new List<double>(), new List<double>(), new List<double>());

            // The first round warms both sides and is not counted.
            for (var round = 0; round <= rounds; round++)
            {
                var bareTime = await DockerRun(engine, image);
                var (createTime, updateTime) = await Create(platform, $"bench-{round}", image);
                if (round > 0)
                {
                    bare.Add(bareTime);
                    created.Add(createTime);
                    updated.Add(updateTime);
                }
            }

            var difference = Statistics.Median(created) - Statistics.Median(bare);
            isWithin &= difference <= TargetSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Text(bare)} | {Text(created)} | {difference:+0.000;-0.000} s | <= {TargetSeconds:0.0} s: {(difference <= TargetSeconds ? "met" : "missed")} | {Text(updated)} |"));
        }

        Console.WriteLine();
        Console.WriteLine($"Medians of {rounds} alternating rounds, in brackets the fastest and the slowest.");
        return isWithin ? 0 : 1;
    }

    private static string Text(List<double> samples) =>
        string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(samples):0.000} s ({samples.Min():0.000}-{samples.Max():0.000})");

    private static async Task<double> DockerRun(EngineApi engine, string image)
    {
        using var http = new HttpClient();
        var watch = Stopwatch.StartNew();
        var id = (await Docker("run", "-d", "-e", "PORT=8080", image)).Trim();
        var address = (string)(await engine.Get($"containers/{id}/json"))["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!;
        await FirstAnswer(async () =>
        {
            using var response = await http.GetAsync($"http://{address}:8080/");
            return response.StatusCode == HttpStatusCode.OK;
        });
        var elapsed = watch.Elapsed.TotalSeconds;
        await Docker("rm", "-f", id);
        return elapsed;
    }

    private static async Task<(double Created, double Updated)> Create(Platform platform, string name, string image)
    {
        var watch = Stopwatch.StartNew();
        var service = await platform.Api.CreateService(name, image);
        await FirstAnswer(async () => (await platform.Gateway.Get(service.Host, "/")).Status == HttpStatusCode.OK);
        var created = watch.Elapsed.TotalSeconds;
        await service.WaitForOperation(service.CreateOperation, "SUCCEEDED");

        watch.Restart();
        var update = await service.Update(image, new ServiceRequest { Variables = new Dictionary<string, string> { ["APP_VERSION"] = "2" } });
        await Eventually(async () => await service.OperationStatus(update) == "SUCCEEDED");
        var updated = watch.Elapsed.TotalSeconds;
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
        return (created, updated);
    }

    private static async Task<string> Docker(params string[] arguments) =>
        (await Command.Run("/usr/bin/docker", arguments)).ShouldSucceed().Output;

    private static Task FirstAnswer(Func<Task<bool>> ask) => Eventually(async () =>
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private static async Task Eventually(Func<Task<bool>> ask)
    {
        var watch = Stopwatch.StartNew();
        while (!await ask())
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException("No answer within a minute.");
            }

            await Task.Delay(Pause);
        }
    }
}
