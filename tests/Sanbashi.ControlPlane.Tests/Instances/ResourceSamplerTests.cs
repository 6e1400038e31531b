using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Instances;

public sealed class ResourceSamplerTests
{
    private const long Megabyte = 1024 * 1024;

    private readonly FakeEngine _engine = new();
    private readonly ResourceBoard _board = new();
    private readonly List<EngineInstance> _instances = [];
    private readonly List<string> _told = [];
    private readonly List<IReadOnlyCollection<string>> _asked = [];
    private readonly Dictionary<string, ResourceReading> _readings = [];
    private readonly ResourceSampler _sampler;

    public ResourceSamplerTests()
    {
        _engine.OnReadResources = ids =>
        {
            _asked.Add(ids);
            return _readings.Where(reading => ids.Contains(reading.Key)).ToDictionary();
        };
        _board.ServiceSampled += _told.Add;
        _sampler = new ResourceSampler(_engine, () => _instances, _board, TimeProvider.System, NullLogger<ResourceSampler>.Instance);
    }

    [Fact]
    public async Task Sample_TwoReadings_GiveTheRateBetweenThem()
    {
        _instances.Add(Instance("a", EngineInstanceState.Running));
        _readings["a"] = Reading(0, cpuSeconds: 5, megabytes: 32);
        await _sampler.Sample(CancellationToken.None);
        var first = _board.Of("a").ShouldNotBeNull();
        _readings["a"] = Reading(10, cpuSeconds: 6, megabytes: 48);
        await _sampler.Sample(CancellationToken.None);
        var second = _board.Of("a").ShouldNotBeNull();

        first.CpuCores.ShouldBeNull();
        first.MemoryBytes.ShouldBe(32 * Megabyte);
        first.MemoryFraction.ShouldBe(0.5);
        second.CpuCores.ShouldNotBeNull().ShouldBe(0.1, 1e-9);
        second.CpuFraction.ShouldNotBeNull().ShouldBe(0.4, 1e-9);
        second.MemoryFraction.ShouldBe(0.75);
        _told.ShouldBe(["service of a", "service of a"]);
    }

    [Fact]
    public async Task Sample_FrozenInstance_IsNotAskedAboutAndLeavesTheBoard()
    {
        _instances.Add(Instance("a", EngineInstanceState.Running));
        _readings["a"] = Reading(0, 5, 32);
        await _sampler.Sample(CancellationToken.None);
        _instances[0] = Instance("a", EngineInstanceState.Frozen);
        await _sampler.Sample(CancellationToken.None);

        _board.Of("a").ShouldBeNull();
        _asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Sample_EngineAway_KeepsWhatIsOnTheBoard()
    {
        _instances.Add(Instance("a", EngineInstanceState.Running));
        _readings["a"] = Reading(0, 5, 32);
        await _sampler.Sample(CancellationToken.None);
        var before = _board.Of("a");
        _engine.Failure = new EngineException(EngineFailure.Unreachable, "away");
        await _sampler.Sample(CancellationToken.None);

        _board.Of("a").ShouldBe(before);
    }

    private static ResourceReading Reading(double seconds, double cpuSeconds, long megabytes) =>
        new((long)(seconds * TimeProvider.System.TimestampFrequency), TimeSpan.FromSeconds(cpuSeconds), megabytes * Megabyte, 0.25, 64 * Megabyte);

    private static EngineInstance Instance(string id, EngineInstanceState state) =>
        new() { Identity = new InstanceIdentity(id, $"service of {id}", "web", 1), State = state, Containers = [] };
}
