using System.Diagnostics;
using System.Text;
using Sanbashi.ControlPlane.Logs;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class LogFileTests
{
    private const string Service = LogLab.ServiceId;

    [Fact]
    public void Append_InAStoppedClock_KeepsLinesInOrder()
    {
        using var lab = new LogLab();
        lab.Store.AppendEvent(Service, "one");
        lab.Store.AppendEvent(Service, "two");
        lab.Clock.Advance(TimeSpan.FromHours(-1));
        lab.Store.AppendEvent(Service, "three");

        var records = lab.Store.ReadLast(Service, LogGroup.Service, "events", 10);

        records.Select(r => r.Text).ShouldBe(["one", "two", "three"]);
        records.Select(r => r.Nanoseconds).ShouldBeInOrder(SortDirection.Ascending);
        records.Select(r => r.Nanoseconds).ShouldBeUnique();
    }

    [Theory]
    [InlineData("2026-05-02T10:00:00.000000001Z s - - half a li")]
    [InlineData("2026-05-02T10:0")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("2026-05-02T10:00:00.000000001Z s - - half\0\0\0\0")]
    public void Append_AfterACrashInALine_RemovesItsRest(string rest)
    {
        using var lab = new LogLab();
        lab.Store.AppendEvent(Service, "whole");
        File.AppendAllText(lab.PathOf("events.log"), rest);

        lab.Texts(LogGroup.Service, "events").ShouldBe(["whole"]);
        lab.Reopen().AppendEvent(Service, "next");

        lab.Texts(LogGroup.Service, "events").ShouldBe(["whole", "next"]);
        File.ReadAllText(lab.PathOf("events.log")).ShouldNotContain("half");
    }

    [Fact]
    public void Append_BeyondTheSize_PutsFilesAsideAndKeepsTheNewest()
    {
        using var lab = new LogLab(new LogStoreOptions { MaxFileBytes = 1000, MaxFiles = 3 });
        for (var i = 0; i < 200; i++)
        {
            lab.Store.AppendEvent(Service, $"event {i:D3}");
        }

        Directory.GetFiles(lab.PathOf(), "events.log*").Select(Path.GetFileName).Order().ShouldBe(["events.log", "events.log.1", "events.log.2"]);
        Directory.GetFiles(lab.PathOf(), "events.log*").ShouldAllBe(file => new FileInfo(file).Length <= 1000);
        var texts = lab.Texts(LogGroup.Service, "events");
        texts.Length.ShouldBeInRange(40, 60);
        texts.ShouldBe(Enumerable.Range(200 - texts.Length, texts.Length).Select(i => $"event {i:D3}"));
        lab.Store.ReadLast(Service, LogGroup.Service, "events", 45).Select(r => r.Text).ShouldBe(texts.TakeLast(45));
    }

    [Fact]
    public void CursorOf_AfterRestartRotationAndRemoval_IsThatOfTheLastLine()
    {
        using var lab = new LogLab(new LogStoreOptions { MaxFileBytes = 300 });
        lab.Store.CursorOf(Service, "i1", "main").ShouldBeNull();
        for (var i = 1; i <= 20; i++)
        {
            lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line(1_000_000_007L * i, $"line {i}", i));
            lab.Reopen().CursorOf(Service, "i1", "main").ShouldBe(LogLab.Line(1_000_000_007L * i, "", i).Cursor);
        }

        lab.Store.AppendNote(Service, "i1", "main", "the platform says");
        lab.Reopen().CursorOf(Service, "i1", "main")!.CountAtStamp.ShouldBe(20, "a line of ours carries the cursor on");
    }

    [Fact]
    public void DeleteGroup_OfWhatIsBeingCollected_KeepsItsPlace()
    {
        using var lab = new LogLab();
        lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line(100, "secret", 4));

        lab.Store.DeleteGroup(Service, LogGroup.Application);

        lab.Texts(LogGroup.Application, "instance/i1").ShouldBeEmpty();
        lab.Store.Streams(Service, LogGroup.Application).ShouldBeEmpty();
        Directory.GetFiles(lab.Folder, "*", SearchOption.AllDirectories).ShouldAllBe(file => !File.ReadAllText(file).Contains("secret"));
        lab.Reopen().CursorOf(Service, "i1", "main").ShouldBe(LogLab.Line(100, "", 4).Cursor);
    }

    [Fact]
    public void AppendOutput_WithAName_ThatLeavesTheFolder_IsRefused()
    {
        using var lab = new LogLab();

        Should.Throw<ArgumentException>(() => lab.Store.AppendOutput(Service, "../../etc", "main", LogLab.Line(1, "x")));
        Should.Throw<ArgumentException>(() => lab.Store.AppendOutput(Service, "i1", "a/b", LogLab.Line(1, "x")));
        Should.Throw<ArgumentException>(() => lab.Store.AppendDeployment(Service, ".", "x"));
    }

    [Fact]
    public void Append_ToMoreLogsThanStayOpen_LosesNothing()
    {
        using var lab = new LogLab();

        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 300; i++)
            {
                lab.Store.AppendDeployment(Service, $"op{i}", "x");
            }
        });

        lab.Store.Streams(Service, LogGroup.Service).Count.ShouldBe(300);
        lab.Store.Read(new LogQuery(Service, LogGroup.Service)).Records.Count.ShouldBe(1200);
    }

    [Fact]
    public void Append_OnAFullDisk_LeavesWholeLinesAndGoesOn()
    {
        using var lab = new LogLab();
        var disk = lab.PathOf();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk) == 0, "a small file system cannot be mounted here, which needs root");
        try
        {
            var written = 0;
            Should.Throw<IOException>(() =>
            {
                for (; ; written++)
                {
                    lab.Store.AppendEvent(Service, $"{written} {new string('x', 777)}");
                }
            });
            Encoding.UTF8.GetString(File.ReadAllBytes(lab.PathOf("events.log")))[^1].ShouldBe('\n');

            Run("mount", "-o", "remount,size=256k", disk);
            lab.Store.AppendEvent(Service, "room again");

            lab.Texts(LogGroup.Service, "events").Length.ShouldBe(written + 1);
        }
        finally
        {
            lab.Store.Dispose();
            Run("umount", disk);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
