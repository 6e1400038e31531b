using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Logs.Collecting;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class InstanceLogCollectorTests : IAsyncDisposable
{
    private const string Service = LogLab.ServiceId;
    private const string Instance = "fedcba9876543210fedcba9876543210";
    private const string Stream = $"instance/{Instance}";

    private readonly LogLab _lab = new();
    private readonly ScriptedOutput _output = new();
    private readonly FakeEngine _engine;
    private InstanceLogCollector _collector;

    public InstanceLogCollectorTests()
    {
        _engine = new FakeEngine { OnReadLogs = _output.Read };
        _collector = NewCollector();
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        _lab.Dispose();
    }

    [Fact]
    public async Task Follow_OfARunningContainer_CollectsWhatItWrites()
    {
        _output.Write("main", "before");
        _collector.Follow(Instance, Service, ["main"]);
        _output.Write("main", "after\twards \\ \n");
        _collector.Follow(Instance, Service, ["main"]);

        await Collected("before", "after\twards \\ \n");

        _output.Readings("main").ShouldBe(1, "following twice is following once");
    }

    [Fact]
    public async Task Follow_AfterARestart_GoesOnWithoutLossOrRepetition()
    {
        var expected = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            _collector.Follow(Instance, Service, ["main"]);
            for (var i = 0; i < 7; i++)
            {
                expected.Add($"line {round}.{i}");
                _output.Write("main", expected[^1]);
            }

            await Collected([.. expected]);

            // As SIGKILL does: nothing is said farewell to. Lines that are written meanwhile wait in the engine.
            var killed = _collector;
            _collector = NewCollector(_lab.Reopen());
            await killed.DisposeAsync();
            expected.Add($"meanwhile {round}");
            _output.Write("main", expected[^1]);
        }

        _collector.Follow(Instance, Service, ["main"]);
        await Collected([.. expected]);
    }

    [Fact]
    public async Task Follow_WhileTheEngineIsAway_GoesOnWhenItIsBack()
    {
        _output.Write("main", "one");
        _collector.Follow(Instance, Service, ["main"]);
        await Collected("one");

        _output.Break(new EngineException(EngineFailure.Unreachable, "no answer"), times: 2);
        _output.Write("main", "two");

        await Collected("one", "two");
    }

    [Fact]
    public async Task Follow_OfWhatTheEngineRefuses_SaysSoInTheLog()
    {
        _output.Break(new EngineException(EngineFailure.Refused, "the logging driver cannot be read"), times: int.MaxValue);

        _collector.Follow(Instance, Service, ["main"]);

        await Collected("[sanbashi] the output of this container cannot be read from the engine: the logging driver cannot be read");
    }

    [Fact]
    public async Task Finish_OfAnEndedInstance_ReadsTheRestBeforeItReturns()
    {
        _collector.Follow(Instance, Service, ["main", "sidecar"]);
        for (var i = 0; i < 50; i++)
        {
            _output.Write("main", $"last words {i}");
        }

        _output.Write("sidecar", "goodbye");
        _output.End();
        await _collector.Finish(Instance, LogLab.Deadline());

        _lab.Texts(LogGroup.Application, Stream).Length.ShouldBe(51);
        (await _collector.LastLines(Service, Instance, 2, default)).ShouldBe(["last words 48", "last words 49"]);
        (await _collector.LastLines(Service, Instance, 100, default)).ShouldContain("sidecar: goodbye");
    }

    [Fact]
    public async Task Finish_OfAnInstanceNobodySawRunning_FindsItInTheEngine()
    {
        _engine.Instance = new EngineInstance
        {
            Identity = new InstanceIdentity(Instance, Service, "web", 1),
            State = EngineInstanceState.Exited,
            Containers = [new EngineContainer("main", EngineContainerState.Exited, 1, false, null, null, null)],
        };
        _output.Write("main", "panic: no configuration");
        _output.End();

        await _collector.Finish(Instance, LogLab.Deadline());
        await _collector.Finish(Instance, LogLab.Deadline());

        (await _collector.LastLines(Service, Instance, 20, default)).ShouldBe(["panic: no configuration"]);
    }

    [Fact]
    public async Task Finish_WhileItRuns_CanBeFollowedAgainWithoutRepetition()
    {
        _output.Write("main", "one");
        _collector.Follow(Instance, Service, ["main"]);
        await _collector.Finish(Instance, LogLab.Deadline());
        _output.Write("main", "two");

        _collector.Follow(Instance, Service, ["main"]);

        await Collected("one", "two");
    }

    [Fact]
    public async Task LastLines_OfAnUnknownInstance_IsEmpty()
    {
        (await _collector.LastLines(Service, "0000", 20, default)).ShouldBeEmpty();
        await _collector.Finish("0000", default);
    }

    private InstanceLogCollector NewCollector(LogStore? store = null) => new(_engine, store ?? _lab.Store, TimeProvider.System, NullLogger<InstanceLogCollector>.Instance);

    /// <summary>Waits until exactly these lines are there.</summary>
    private async Task Collected(params string[] lines)
    {
        var seen = new List<string>();
        await foreach (var record in _lab.Store.Follow(new LogQuery(Service, LogGroup.Application) { Streams = [Stream] }, LogLab.Deadline()))
        {
            seen.Add(record.Text);
            if (seen.Count >= lines.Length)
            {
                break;
            }
        }

        seen.ShouldBe(lines);
        _lab.Texts(LogGroup.Application, Stream).ShouldBe(lines);
    }
}
