using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Logs;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Metrics;

public sealed class MetricsRecorderTests : IAsyncLifetime
{
    private static readonly ResourceScope _scope = new("000000000000", "local-1");

    private readonly TestClock _time = new();
    private readonly InMemoryDocumentStore _store = new();
    private readonly InterruptedStore _interrupted;
    private readonly FakeGateways _gateways = new();
    private readonly FakeInstances _instances = new();
    private readonly ResourceBoard _resources = new();
    private readonly LiveTraffic _live = new();
    private readonly MetricDocuments _documents;

    public MetricsRecorderTests()
    {
        _interrupted = new InterruptedStore(_store);
        _documents = new MetricDocuments(_store);
    }

    private DateTimeOffset Hour => MetricDocuments.HourOf(_time.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        await _store.AcquireLease("tests", _ => { }, CancellationToken.None);
        await _store.Commit([ServiceDocuments.Write(Service("web"), 0)], CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Minute_ThatIsOver_IsInTheStoreWithEverythingThatWasSeen()
    {
        _instances.ByService["web"] = [Instance("a", InstancePhase.Running), Instance("b", InstancePhase.Frozen)];
        _resources.Replace(new Dictionary<string, ResourceSample> { ["a"] = new(_time.GetUtcNow(), 0.5, 0.25, 1000, 0.75) }, ["web"]);
        var recorder = Recorder();
        _gateways.Flows["web"] = Flow(ok: 3, failed: 1, seconds: 0.1);
        _gateways.Open["web"] = new TrafficLevel(2, 1);
        await Look(recorder);
        _gateways.Open.Clear();
        await Look(recorder);
        await NextMinute(recorder);

        var minute = (await Read()).ShouldHaveSingleItem().Value;
        minute.Traffic.Statuses.ShouldBe([0, 3, 0, 0, 1]);
        minute.Traffic.Latency.Total.ShouldBe(4);
        minute[MetricGauge.InFlight].ShouldBe(new Measure(3, 2, 0, 2));
        minute[MetricGauge.Waiting].ShouldBe(new Measure(3, 1, 0, 1));
        minute[MetricGauge.Active].Max.ShouldBe(1);
        minute[MetricGauge.Frozen].Max.ShouldBe(1);
        minute[MetricGauge.Cpu].Average.ShouldBe(0.25);
        minute[MetricGauge.Memory].Average.ShouldBe(0.75);
    }

    [Fact]
    public async Task Minute_ThatTwoProcessesRecord_IsTheSumOfBoth()
    {
        var first = Recorder();
        await Look(first);
        _gateways.Flows["web"] = Flow(ok: 2);
        await Look(first);
        await first.WriteRest(CancellationToken.None);

        var second = Recorder();
        await Look(second);
        _gateways.Flows["web"] = Flow(ok: 5);
        await Look(second);
        await NextMinute(second);

        (await Read()).ShouldHaveSingleItem().Value.Traffic.Requests.ShouldBe(7);
    }

    [Fact]
    public async Task Minutes_WithoutARecorder_AreMissingAndNotZero()
    {
        var first = Recorder();
        await Look(first);
        await NextMinute(first);

        // It is killed, and the next one comes two minutes later.
        _time.Advance(TimeSpan.FromMinutes(2));
        var second = Recorder();
        await Look(second);
        await NextMinute(second);

        (await Read()).Keys.ShouldBe([0, 3]);
    }

    [Fact]
    public async Task Store_ThatCannotBeWritten_GetsTheMinutesLater()
    {
        var recorder = Recorder(_interrupted);
        await Look(recorder);
        _gateways.Flows["web"] = Flow(ok: 2);
        for (var minute = 0; minute < 2; minute++)
        {
            _interrupted.BeforeNextCommit(() => throw new StoreException("the disk is full"));
            await NextMinute(recorder);
        }

        (await Read()).ShouldBeEmpty();
        await NextMinute(recorder);

        var minutes = await Read();
        minutes.Keys.ShouldBe([0, 1, 2]);
        minutes.Values.Sum(minute => minute.Traffic.Requests).ShouldBe(2);
        minutes[0][MetricGauge.InFlight].Count.ShouldBe(2);
    }

    [Fact]
    public async Task Hours_ThatAreTooOld_AreForgotten()
    {
        var old = Hour;
        var recorder = Recorder();
        await Look(recorder);
        await NextMinute(recorder);
        _time.Advance(MetricDefaults.Retention + TimeSpan.FromHours(2));
        await Look(recorder);
        await NextMinute(recorder);

        (await _documents.Find(_scope, "web", old, CancellationToken.None)).ShouldBeNull();
        (await Read()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Live_Traffic_IsThatOfTheLastSeconds()
    {
        var recorder = Recorder();
        for (var second = 0; second < 30; second++)
        {
            _gateways.Flows["web"] = Flow(ok: second < 20 ? 100 : 4, seconds: second < 20 ? 5 : 0.01);
            await Look(recorder);
        }

        var live = _live.Read("web");
        live.Rate(live.Recent.Requests).ShouldBe(4);
        live.Recent.Latency.Quantile(0.99).ShouldNotBeNull().ShouldBeLessThanOrEqualTo(0.01);
        live.History.Count.ShouldBe(30);
        live.History[^1].ShouldBe(4);
        _live.Read("other").Recent.Requests.ShouldBe(0);
    }

    private MetricsRecorder Recorder(IDocumentStore? store = null) => new(
        _gateways, _instances, _resources, new ServiceDocuments(store ?? _store), new MetricDocuments(store ?? _store), _live, _time, NullLogger<MetricsRecorder>.Instance);

    private async Task Look(MetricsRecorder recorder)
    {
        await recorder.Look(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task NextMinute(MetricsRecorder recorder)
    {
        _time.Advance(TimeSpan.FromSeconds(60 - _time.GetUtcNow().Second));
        await Look(recorder);
    }

    private async Task<IReadOnlyDictionary<int, MetricMinute>> Read() =>
        (await _documents.Find(_scope, "web", Hour, CancellationToken.None))?.Minutes ?? new Dictionary<int, MetricMinute>();

    private static TrafficFlow Flow(long ok, long failed = 0, double seconds = 0.05)
    {
        var flow = new TrafficFlow();
        flow.Statuses[1] = ok;
        flow.Statuses[4] = failed;
        flow.LatencySeconds = (ok + failed) * seconds;
        flow.Latency.Add(LatencyScale.BucketOf(seconds), ok + failed);
        return flow;
    }

    private static ObservedInstance Instance(string id, InstancePhase phase) => new() { Id = id, Revision = 1, Phase = phase, StartedAt = DateTimeOffset.UnixEpoch };

    private static ServiceRecord Service(string id) => new()
    {
        Scope = _scope, Id = id, Name = id, HostLabel = id, Status = ServiceStatus.Running, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
        Definition = new ServiceDefinition { Image = new ImageSource { Identifier = "app:1", RepositoryType = "ECR" }, AutoScalingConfigurationArn = "arn" },
    };
}
