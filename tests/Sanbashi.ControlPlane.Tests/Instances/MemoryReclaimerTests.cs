using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Instances;

public sealed class MemoryReclaimerTests
{
    private readonly FakeEngine _engine = new();
    private readonly ManualTime _time = new();
    private readonly List<EngineInstance> _instances = [];
    private readonly List<string> _offered = [];
    private readonly MemoryReclaimer _reclaimer;

    public MemoryReclaimerTests()
    {
        _engine.OnReclaimMemory = id =>
        {
            _offered.Add(id);
            return 4096;
        };
        _reclaimer = new MemoryReclaimer(_engine, () => _instances, _time, NullLogger<MemoryReclaimer>.Instance);
    }

    [Fact]
    public async Task Reclaim_LongFrozen_IsOfferedOnce()
    {
        _instances.Add(Instance("a", EngineInstanceState.Frozen));
        _instances.Add(Instance("b", EngineInstanceState.Running));
        await Round(TimeSpan.Zero);
        await Round(MemoryReclaimer.After - TimeSpan.FromSeconds(1));
        _offered.ShouldBeEmpty();

        await Round(TimeSpan.FromSeconds(1));
        await Round(MemoryReclaimer.After);

        _offered.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Reclaim_AwakeBetweenTwoRounds_BeginsAnew()
    {
        _instances.Add(Instance("a", EngineInstanceState.Frozen));
        await Round(TimeSpan.Zero);
        // It was thawed and frozen again meanwhile: what the engine has of it was read anew.
        _instances[0] = Instance("a", EngineInstanceState.Frozen);
        await Round(MemoryReclaimer.After);
        _offered.ShouldBeEmpty();

        await Round(MemoryReclaimer.After);

        _offered.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Reclaim_EngineAway_IsTriedAgain()
    {
        _instances.Add(Instance("a", EngineInstanceState.Frozen));
        await Round(TimeSpan.Zero);
        _engine.Failure = new EngineException(EngineFailure.Unreachable, "away");
        await Round(MemoryReclaimer.After);
        _engine.Failure = null;

        await Round(TimeSpan.FromMinutes(1));

        _offered.ShouldBe(["a"]);
    }

    private Task Round(TimeSpan later)
    {
        _time.Advance(later);
        return _reclaimer.Reclaim(CancellationToken.None);
    }

    private static EngineInstance Instance(string id, EngineInstanceState state) =>
        new() { Identity = new InstanceIdentity(id, $"service of {id}", "web", 1), State = state, Containers = [] };
}
