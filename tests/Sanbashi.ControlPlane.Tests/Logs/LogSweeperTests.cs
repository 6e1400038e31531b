using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Logs.Retention;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class LogSweeperTests
{
    private const string Service = LogLab.ServiceId;

    [Fact]
    public void Sweep_OfOldFiles_RemovesThemByTheGroupsPolicy()
    {
        using var lab = new LogLab();
        lab.Store.AppendEvent(Service, "event");
        lab.Store.AppendDeployment(Service, "op1", "deployment");
        lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line(1, "output"));
        Age(lab, TimeSpan.FromDays(8));
        lab.Store.SetRetention(Service, LogGroup.Service, 7);

        Sweep(lab);

        lab.Store.Streams(Service, LogGroup.Service).ShouldBeEmpty();
        lab.Texts(LogGroup.Application, "instance/i1").ShouldBe(["output"]);
        Age(lab, TimeSpan.FromDays(31));
        Sweep(lab);
        lab.Texts(LogGroup.Application, "instance/i1").ShouldBeEmpty();
    }

    [Fact]
    public void Sweep_OfAGroupThatIsKeptForEver_KeepsIt()
    {
        using var lab = new LogLab();
        lab.Store.AppendEvent(Service, "event");
        lab.Store.SetRetention(Service, LogGroup.Service, 0);
        Age(lab, TimeSpan.FromDays(4000));

        Sweep(lab);

        lab.Texts(LogGroup.Service, "events").ShouldBe(["event"]);
    }

    [Fact]
    public void Sweep_OfTooMuch_RemovesTheOldestFirstAndRunningOnesLast()
    {
        using var lab = new LogLab(new LogStoreOptions { MaxFileBytes = 2000, MaxServiceBytes = 6000 });
        for (var i = 0; i < 100; i++)
        {
            lab.Store.AppendOutput(Service, "busy", "main", LogLab.Line(1000 + i, new string('x', 50)));
        }

        lab.Store.AppendEvent(Service, "event");
        lab.Store.BytesOf(Service, LogGroup.Application).ShouldBeGreaterThan(8000);

        Sweep(lab);

        (lab.Store.BytesOf(Service, LogGroup.Application) + lab.Store.BytesOf(Service, LogGroup.Service)).ShouldBeInRange(3000, 6000);
        lab.Texts(LogGroup.Service, "events").ShouldBe(["event"]);
        lab.Store.ReadLast(Service, LogGroup.Application, "instance/busy", 1).Single().Nanoseconds.ShouldBe(1099);
    }

    [Fact]
    public void Sweep_OfTooManyInstances_RemovesTheOldest()
    {
        using var lab = new LogLab(new LogStoreOptions { MaxStreams = 3 });
        for (var i = 0; i < 5; i++)
        {
            lab.Store.AppendOutput(Service, $"i{i}", "main", LogLab.Line(i + 1, "x"));
            lab.Store.AppendDeployment(Service, $"op{i}", "x");
            File.SetLastWriteTimeUtc(lab.PathOf("application", $"i{i}.log"), lab.Clock.GetUtcNow().AddMinutes(i).UtcDateTime);
            File.SetLastWriteTimeUtc(lab.PathOf("deployment", $"op{i}.log"), lab.Clock.GetUtcNow().AddMinutes(i).UtcDateTime);
        }

        lab.Store.AppendEvent(Service, "event");

        Sweep(lab);

        lab.Store.Streams(Service, LogGroup.Application).Select(s => s.Name).ShouldBe(["instance/i2", "instance/i3", "instance/i4"]);
        lab.Store.Streams(Service, LogGroup.Service).Select(s => s.Name).ShouldBe(["deployment/op2", "deployment/op3", "deployment/op4", "events"]);
    }

    [Fact]
    public void Sweep_AfterTheLastLineOfADeletedService_RemovesItsFolder()
    {
        using var lab = new LogLab();
        lab.Store.AppendEvent(Service, "event");
        Age(lab, TimeSpan.FromDays(31));
        Sweep(lab);
        lab.Store.Owners.Single().ServiceId.ShouldBe(Service, "a living service keeps its groups, even empty");

        lab.Register(Service, "web", deletedAt: lab.Clock.GetUtcNow());
        Sweep(lab);

        lab.Store.Owners.ShouldBeEmpty();
        Directory.Exists(lab.PathOf()).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_Cancelled_Returns()
    {
        using var lab = new LogLab();
        using var stop = new CancellationTokenSource();
        var running = new LogSweeper(lab.Store, lab.Clock, NullLogger.Instance).Run(stop.Token);

        await stop.CancelAsync();

        await running.WaitAsync(LogLab.Deadline());
    }

    private static void Sweep(LogLab lab) => new LogSweeper(lab.Store, lab.Clock, NullLogger.Instance).Sweep();

    private static void Age(LogLab lab, TimeSpan age)
    {
        foreach (var file in Directory.GetFiles(lab.Folder, "*.log*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, (lab.Clock.GetUtcNow() - age).UtcDateTime);
        }
    }
}
