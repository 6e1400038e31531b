using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench.Scaling;

/// <summary>What the scaling benches share: a platform, an engine, an image, and services with short periods.</summary>
internal sealed class ScalingLab(Platform platform, EngineApi engine, string image)
{
    private string? _scaling;

    public Platform Platform => platform;

    public EngineApi Engine => engine;

    public string Image => image;

    /// <summary>At most 10 requests on each of at most 20 instances.</summary>
    public async Task<ServiceHandle> Service(string name, params (string Name, string Value)[] settings)
    {
        _scaling ??= (string)(await platform.Api.AppRunner("CreateAutoScalingConfiguration", new JsonObject
        {
            ["AutoScalingConfigurationName"] = "bench", ["MaxConcurrency"] = 10, ["MinSize"] = 1, ["MaxSize"] = 20,
        }))["AutoScalingConfiguration"]!["AutoScalingConfigurationArn"]!;
        return await platform.Api.RunService(name, image, new ServiceRequest
        {
            Memory = 512, AutoScalingConfigurationArn = _scaling, Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
        });
    }

    public static async Task<string[]> States(ServiceHandle service) =>
        [.. (await service.Instances()).Select(instance => (string)instance!["State"]!).Order(StringComparer.Ordinal)];

    public static Task Rests(ServiceHandle service, string state, int count) =>
        Eventually.Get(() => States(service), states => states.Length == count && states.All(seen => seen == state), TimeSpan.FromMinutes(5));

    /// <summary>Waits until nothing of earlier services is left in the engine: it would count as memory of the next, and compete with it.</summary>
    public Task IsEmpty() => Eventually.Get(() => engine.Containers("sanbashi.installation"), containers => containers.Count == 0, TimeSpan.FromMinutes(5));

    /// <summary>Seconds until the whole answer to one request is there.</summary>
    public async Task<double> Ask(ServiceHandle service, string path)
    {
        var begun = Stopwatch.GetTimestamp();
        var (status, body) = await platform.Gateway.Get(service.Host, path);
        return status == HttpStatusCode.OK ? Stopwatch.GetElapsedTime(begun).TotalSeconds : throw new InvalidOperationException($"{service.Name} answered {(int)status}: {body}");
    }

    public static async Task<double> Time(Func<Task> work)
    {
        var begun = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>The machine's clock that every container sees too, in seconds.</summary>
    public static double Uptime() => double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
}
