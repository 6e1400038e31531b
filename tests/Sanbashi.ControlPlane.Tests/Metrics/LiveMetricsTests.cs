using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Tests.Metrics;

public sealed class LiveMetricsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task LiveMetrics_OfAService_TellRatesAndInstances()
    {
        var client = host.NewRegion();
        var arn = await client.CreateRunning("shop");
        await client.CreateRunning("other");
        var flow = new TrafficFlow();
        flow.Statuses[1] = 90;
        flow.Statuses[4] = 10;
        flow.Latency.Add(LatencyScale.BucketOf(0.02), 100);
        host.Instances.ByService[ApiClient.Id(arn)] = [new ObservedInstance { Id = "i", Revision = 1, Phase = InstancePhase.Frozen, StartedAt = DateTimeOffset.UnixEpoch }];
        host.Live.Add(new Dictionary<string, TrafficFlow> { [ApiClient.Id(arn)] = flow }, new Dictionary<string, TrafficLevel> { [ApiClient.Id(arn)] = new(3, 1) });

        var all = (await client.Extension("GetLiveMetrics", []))["Services"]!.AsArray();
        var one = (await client.Extension("GetLiveMetrics", ApiClient.Named(arn)))["Services"]!.AsArray().ShouldHaveSingleItem()!;

        all.Select(service => service.Text("ServiceName")).ShouldBe(["shop", "other"]);
        one["RequestsPerSecond"]!.GetValue<double>().ShouldBe(100);
        one["ServerErrorsPerSecond"]!.GetValue<double>().ShouldBe(10);
        one["LatencyP95"]!.GetValue<double>().ShouldBeInRange(18, 20);
        (one["InFlight"]!.GetValue<int>(), one["Waiting"]!.GetValue<int>(), one["FrozenInstances"]!.GetValue<int>()).ShouldBe((3, 1, 1));
        one["RequestHistory"]!.ShouldBeJson("[100]");
        one["CpuPercent"].ShouldBeNull();
    }
}
