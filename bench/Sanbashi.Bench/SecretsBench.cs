using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;
using Sanbashi.Wire;

namespace Sanbashi.Bench;

/// <summary><c>GetSecretValue</c>, signed: one after another on one connection, and as many as go on several at once. The client shares the machine.</summary>
internal static class SecretsBench
{
    private const double TargetMilliseconds = 3;
    private const double TargetPerSecond = 2000;
    private const int Secrets = 100;
    private const int Connections = 16;

    public static async Task<int> Run(int calls)
    {
        Machine.WriteHeading("GetSecretValue", "bench/secrets/run");
        await using var platform = await Platform.Start();
        using var http = new HttpClient();
        var client = new AwsJsonClient(http, platform.ApiUrl, CredentialsFile.Read(Path.Combine(platform.State, "credentials")), "local-1", TimeProvider.System);
        Task<JsonObject> Call(string operation, JsonObject input) => client.Call("secretsmanager", "secretsmanager", "1.1", operation, input, CancellationToken.None);
        Task<JsonObject> Get(int number) => Call("GetSecretValue", new JsonObject { ["SecretId"] = $"bench/{number % Secrets}" });
        for (var i = 0; i < Secrets; i++)
        {
            await Call("CreateSecret", new JsonObject { ["Name"] = $"bench/{i}", ["SecretString"] = new string('x', 200) });
        }

        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) => await Get(i));
        var samples = new List<double>(calls);
        for (var i = 0; i < calls; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await Get(i);
            samples.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, calls * 4, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (i, _) => await Get(i));
        var perSecond = calls * 4 / Stopwatch.GetElapsedTime(started).TotalSeconds;

        var median = Statistics.Median(samples);
        var isMet = median < TargetMilliseconds && perSecond >= TargetPerSecond;
        Console.WriteLine("| secrets | calls | p50 | p99 | at once | calls/s | targets |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {Secrets} | {calls} | {median:0.00} ms | {Statistics.Percentile(samples, 0.99):0.00} ms | {Connections} | {perSecond:0} | p50 < {TargetMilliseconds:0} ms, {TargetPerSecond:0}/s: {(isMet ? "met" : "missed")} |"));
        return isMet ? 0 : 1;
    }
}
