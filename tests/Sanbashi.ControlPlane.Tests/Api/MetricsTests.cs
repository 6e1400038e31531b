using System.Diagnostics.Metrics;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class MetricsTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Scrape_Always_IsValidAndTellsServicesInstancesAndTraffic()
    {
        var client = _host.NewRegion();
        var web = ApiClient.Id(await client.CreateRunning("web-1"));
        await client.Create(ApiClient.NewService("web-2"));
        var deleted = await client.CreateRunning("web-3");
        await client.Call("DeleteService", ApiClient.Named(deleted));
        await client.Finish(deleted, OperationStatus.Succeeded, ServiceStatus.Deleted);
        _host.Instances.ByService[web] =
        [
            new ObservedInstance { Id = "a", Revision = 1, Phase = InstancePhase.Running, StartedAt = default },
            new ObservedInstance { Id = "b", Revision = 1, Phase = InstancePhase.Frozen, StartedAt = default },
        ];
        var buckets = new long[LatencyBounds.Seconds.Count + 1];
        buckets[0] = 3;
        buckets[2] = 2;
        buckets[^1] = 1;
        _host.Gateways.Reports.Add(new ServiceTotals(web, [0, 4, 1, 1, 0], buckets, 130.5, 7, 2));
        _host.Gateways.Reports.Add(new ServiceTotals(ApiClient.Id(deleted), [0, 1, 0, 0, 0], buckets, 1, 0, 0));

        var scrape = await Scrape();

        var labels = $"service=\"web-1\",region=\"{client.Region}\"";
        scrape.Samples["sanbashi_services{status=\"RUNNING\"}"].ShouldBe(1);
        scrape.Samples["sanbashi_services{status=\"OPERATION_IN_PROGRESS\"}"].ShouldBe(1);
        scrape.Samples["sanbashi_gateways"].ShouldBe(1);
        scrape.Samples["sanbashi_build_info{version=\"0.0.0-test\"}"].ShouldBe(1);
        scrape.Samples[$"sanbashi_instances{{{labels},state=\"RUNNING\"}}"].ShouldBe(1);
        scrape.Samples[$"sanbashi_instances{{{labels},state=\"FROZEN\"}}"].ShouldBe(1);
        scrape.Samples[$"sanbashi_instances{{{labels},state=\"EXITED\"}}"].ShouldBe(0);
        scrape.Samples[$"sanbashi_requests_total{{{labels},class=\"2xx\"}}"].ShouldBe(4);
        scrape.Samples[$"sanbashi_requests_in_flight{{{labels}}}"].ShouldBe(7);
        scrape.Samples[$"sanbashi_requests_waiting{{{labels}}}"].ShouldBe(2);
        scrape.Samples[$"sanbashi_request_duration_seconds_bucket{{{labels},le=\"0.001\"}}"].ShouldBe(3);
        scrape.Samples[$"sanbashi_request_duration_seconds_bucket{{{labels},le=\"0.005\"}}"].ShouldBe(5);
        scrape.Samples[$"sanbashi_request_duration_seconds_bucket{{{labels},le=\"120\"}}"].ShouldBe(5);
        scrape.Samples[$"sanbashi_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}}"].ShouldBe(6);
        scrape.Samples[$"sanbashi_request_duration_seconds_sum{{{labels}}}"].ShouldBe(130.5);
        scrape.Samples["process_resident_memory_bytes"].ShouldBeGreaterThan(1_000_000);
        scrape.Samples.Keys.ShouldNotContain(key => key.Contains("web-3"));
        scrape.Types["sanbashi_request_duration_seconds"].ShouldBe("histogram");
    }

    [Fact]
    public async Task Scrape_AfterInstrumentsRecorded_HasTheirSums()
    {
        using var meter = new Meter("Sanbashi.Tests");
        var calls = meter.CreateHistogram<double>("sanbashi.test.call", "s", "Calls \\ of\na test");
        var things = meter.CreateCounter<long>("sanbashi.test.things");
        using var foreign = new Meter("Somebody.Else");
        foreign.CreateCounter<long>("sanbashi.test.foreign").Add(1);

        calls.Record(0.02, new KeyValuePair<string, object?>("operation", "odd \"name\" \\ with\nlines"));
        calls.Record(500, new KeyValuePair<string, object?>("operation", "odd \"name\" \\ with\nlines"));
        things.Add(2);
        things.Add(3);
        new DeploymentMetrics().Ended(new OperationRecord
        {
            Id = "1",
            ServiceId = "1",
            Type = OperationType.StartDeployment,
            Status = OperationStatus.Failed,
            StartedAt = default,
            UpdatedAt = default,
            TargetArn = "",
        });

        var scrape = await Scrape();

        const string Labels = """operation="odd \"name\" \\ with\nlines" """;
        scrape.Samples[$"sanbashi_test_call_seconds_bucket{{{Labels.TrimEnd()},le=\"0.025\"}}"].ShouldBe(1);
        scrape.Samples[$"sanbashi_test_call_seconds_count{{{Labels.TrimEnd()}}}"].ShouldBe(2);
        scrape.Samples["sanbashi_test_things_total"].ShouldBe(5);
        scrape.Samples["sanbashi_operation_ended_total{type=\"StartDeployment\",status=\"Failed\"}"].ShouldBeGreaterThanOrEqualTo(1);
        scrape.Samples.Keys.ShouldNotContain(key => key.Contains("foreign"));
    }

    [Fact]
    public async Task Scrape_WithMoreLabelSetsThanTheBound_FoldsTheRest()
    {
        using var meter = new Meter("Sanbashi.Tests.Overflow");
        var things = meter.CreateCounter<long>("sanbashi.overflow.things");
        for (var i = 0; i < 700; i++)
        {
            things.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var series = (await Scrape()).Samples.Where(sample => sample.Key.StartsWith("sanbashi_overflow_things_total", StringComparison.Ordinal)).ToList();

        series.Count.ShouldBe(501);
        series.Sum(sample => sample.Value).ShouldBe(700);
        series.Single(sample => sample.Key.Contains("overflow=\"true\"")).Value.ShouldBe(200);
    }

    [Fact]
    public void Labels_WithSpecialCharacters_AreEscaped()
    {
        PrometheusLabels.Of(("a", "x\"y\\z\n"), ("b", "")).Text.ShouldBe("""a="x\"y\\z\n",b="" """.TrimEnd());
    }

    private async Task<PrometheusReader> Scrape()
    {
        using var response = await _host.Http.GetAsync(new Uri(_host.Endpoint, "/metrics"), _cancelled);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        return PrometheusReader.Read(await response.Content.ReadAsStringAsync(_cancelled));
    }
}
