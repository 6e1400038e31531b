using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Services;

/// <summary>The numbers of a service, read with the real aws: exactly what happened, also over a restart of the control plane.</summary>
public sealed class MetricsTests(SharedPlatform shared)
{
    [Fact]
    public async Task Metrics_OfAServiceThatWasCalled_AreExactlyTheCalls()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        await using var platform = await Platform.Start();
        var service = await platform.Api.RunService("counted", await shared.Images.TestApp());
        await Call(platform, service, (200, 20), (404, 7), (503, 3));
        await Live(platform, service);

        // A control plane that stops writes what it has, the minute that has begun too; the next one adds to it.
        (await platform.Cli("restart", "control-plane")).ShouldSucceed();
        await Call(platform, service, (200, 5), (404, 1));
        await Live(platform, service);
        (await platform.Cli("restart", "control-plane")).ShouldSucceed();

        (await Sum(platform, service, "Requests")).ShouldBe(36);
        (await Sum(platform, service, "2xxStatusResponses")).ShouldBe(25);
        (await Sum(platform, service, "4xxStatusResponses")).ShouldBe(8);
        (await Sum(platform, service, "5xxStatusResponses")).ShouldBe(3);
        var latency = (await Points(platform, service, "RequestLatency", "--statistics", "SampleCount", "Maximum", "--extended-statistics", "p50", "p99")).ShouldHaveSingleItem()!;
        ((double)latency["SampleCount"]!).ShouldBe(36);
        ((double)latency["ExtendedStatistics"]!["p50"]!).ShouldBeLessThanOrEqualTo((double)latency["ExtendedStatistics"]!["p99"]!);
        (await Points(platform, service, "ActiveInstances", "--statistics", "Maximum")).ShouldHaveSingleItem()!["Maximum"]!.GetValue<double>().ShouldBeInRange(0, 1);
        var data = await platform.Aws.Run(["cloudwatch", "get-metric-data", .. Range(), "--metric-data-queries", Queries(service)]);
        ((double)data["MetricDataResults"]![0]!["Values"]![0]!).ShouldBe(3.0 / 36, 1e-9);

        // boto3, as programs use it.
        var script = $$"""
            import boto3, datetime
            client = boto3.client('cloudwatch', endpoint_url='{{platform.ApiUrl}}', region_name='local-1')
            now = datetime.datetime.utcnow()
            pages = client.get_paginator('list_metrics').paginate(Namespace='AWS/AppRunner', Dimensions=[{'Name': 'ServiceName', 'Value': 'counted'}])
            print(len([metric for page in pages for metric in page['Metrics']]))
            query = {'Id': 'a', 'MetricStat': {'Metric': {'Namespace': 'AWS/AppRunner', 'MetricName': 'Requests', 'Dimensions': [
                {'Name': 'ServiceName', 'Value': 'counted'}, {'Name': 'ServiceID', 'Value': '{{service.Id}}'}] }, 'Period': 60, 'Stat': 'Sum'} }
            pages = client.get_paginator('get_metric_data').paginate(MetricDataQueries=[query], StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(hours=1))
            print(int(sum(value for page in pages for result in page['MetricDataResults'] for value in result['Values'])))
            """;
        (await platform.Aws.Python(script)).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["9", "36"]);
        await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
    }

    private static async Task Call(Platform platform, ServiceHandle service, params (int Status, int Times)[] calls)
    {
        foreach (var (status, times) in calls)
        {
            for (var i = 0; i < times; i++)
            {
                (await platform.Gateway.Get(service.Host, $"/status/{status}")).Status.ShouldBe((HttpStatusCode)status);
            }
        }
    }

    /// <summary>Waits until the control plane has heard of the last calls: within a few seconds nothing happens any more.</summary>
    private static Task Live(Platform platform, ServiceHandle service) => Eventually.True(async () =>
    {
        var answer = JsonNode.Parse((await platform.Cli("svc", "top", service.Name, "--json")).ShouldSucceed().Output)!["Services"]![0]!;
        var seconds = answer["RequestHistory"]!.AsArray().Select(count => (int)count!).ToList();
        return seconds.Count > 2 && seconds.Sum() > 0 && seconds[^1] == 0 && seconds[^2] == 0;
    });

    private static async Task<double> Sum(Platform platform, ServiceHandle service, string metric) =>
        (await Points(platform, service, metric, "--statistics", "Sum")).Sum(point => (double)point!["Sum"]!);

    private static async Task<JsonArray> Points(Platform platform, ServiceHandle service, string metric, params string[] statistics)
    {
        var answer = await platform.Aws.Run(
        [
            "cloudwatch", "get-metric-statistics", "--namespace", "AWS/AppRunner", "--metric-name", metric,
            "--dimensions", $"Name=ServiceName,Value={service.Name}", $"Name=ServiceID,Value={service.Id}", .. Range(), "--period", "7200", .. statistics,
        ]);
        ((string?)answer["Label"]).ShouldBe(metric);
        return answer["Datapoints"]!.AsArray();
    }

    /// <summary>An hour back and an hour ahead: one period of two hours holds it all.</summary>
    private static string[] Range()
    {
        var now = DateTimeOffset.UtcNow;
        return ["--start-time", $"{now.AddHours(-1):yyyy-MM-dd'T'HH:mm:ss'Z'}", "--end-time", $"{now.AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}"];
    }

    private static string Queries(ServiceHandle service)
    {
        string Query(string id, string metric) => $$"""
            {"Id":"{{id}}","ReturnData":false,"MetricStat":{"Period":86400,"Stat":"Sum","Metric":{"Namespace":"AWS/AppRunner","MetricName":"{{metric}}",
             "Dimensions":[{"Name":"ServiceName","Value":"{{service.Name}}"},{"Name":"ServiceID","Value":"{{service.Id}}"}]} } }
            """;
        return $$"""[{{Query("all", "Requests")}},{{Query("bad", "5xxStatusResponses")}},{"Id":"part","Expression":"bad / all"}]""";
    }
}
