using System.Net;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Tests.Supervision;

public sealed class SupervisorTests
{
    private const string Gateway = PlatformRecipes.GatewayName;
    private const string ControlPlane = PlatformRecipes.ControlPlaneName;

    [Fact]
    public async Task Supervisor_Started_ServesBothOnTheirSockets()
    {
        await using var supervisor = RunningSupervisor.Start();

        var status = await supervisor.UntilReady();

        (await Visitors.Ask(IPEndPoint.Parse(status.Http!))).ShouldBe($"{Gateway} {Pid(status, Gateway)}");
        (await Visitors.Ask(new IPEndPoint(IPAddress.Loopback, new Uri(status.Api[0]).Port))).ShouldBe($"{ControlPlane} {Pid(status, ControlPlane)}");
    }

    [Fact]
    public async Task Gateway_Killed_IsBackAndNoConnectionIsRefused()
    {
        await using var supervisor = RunningSupervisor.Start();
        var before = await supervisor.UntilReady();
        await using var visitors = new Visitors(before.Http!);
        await Until.True(() => !visitors.Answers.IsEmpty, "a first answer");

        Kill(Pid(before, Gateway));
        var after = await supervisor.Until("another gateway", status => status.IsReady && Pid(status, Gateway) != Pid(before, Gateway));
        await Until.True(() => visitors.Answers.ContainsKey($"{Gateway} {Pid(after, Gateway)}"), "an answer of the new gateway");

        visitors.Refused.ShouldBe(0);
        Process(after, Gateway).Restarts.ShouldBe(1);
        Process(after, Gateway).LastEnd.ShouldBe("was killed by signal 9");
        Pid(after, ControlPlane).ShouldBe(Pid(before, ControlPlane));
    }

    [Fact]
    public async Task Restart_UnderLoad_HandsTheSocketOver()
    {
        await using var supervisor = RunningSupervisor.Start();
        var before = await supervisor.UntilReady();
        await using var visitors = new Visitors(before.Http!);
        await Until.True(() => !visitors.Answers.IsEmpty, "a first answer");

        var run = await CommandRun.Cli("restart", Gateway, "--state", supervisor.State.Path);

        run.ExitCode.ShouldBe(0, run.Error);
        var after = (await supervisor.Status())!;
        Pid(after, Gateway).ShouldNotBe(Pid(before, Gateway));
        await Until.True(() => visitors.Answers.ContainsKey($"{Gateway} {Pid(after, Gateway)}"), "an answer of the new gateway");
        visitors.Refused.ShouldBe(0);
        Process(after, Gateway).Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task Restart_ReplacementFails_OldOneGoesOn()
    {
        await using var supervisor = RunningSupervisor.Start();
        var before = await supervisor.UntilReady();
        supervisor.State.File(Gateway, "crash");

        var run = await CommandRun.Cli("restart", Gateway, "--state", supervisor.State.Path);

        run.ExitCode.ShouldBe(ExitCodes.Failed);
        run.Error.ShouldContain("The new gateway ended with exit code 3. The old one goes on.");
        Pid((await supervisor.Status())!, Gateway).ShouldBe(Pid(before, Gateway));
    }

    [Fact]
    public async Task Restart_ReplacementNeedsWhatTheOldOneHolds_OldOneGoesFirst()
    {
        await using var supervisor = RunningSupervisor.Start();
        var before = await supervisor.UntilReady();
        supervisor.State.File("other", Pid(before, ControlPlane).ToString());
        supervisor.State.File(ControlPlane, "standby");

        var run = await CommandRun.Cli("restart", ControlPlane, "--state", supervisor.State.Path);

        run.ExitCode.ShouldBe(0, run.Error);
        var after = (await supervisor.Status())!;
        after.IsReady.ShouldBeTrue();
        Pid(after, ControlPlane).ShouldNotBe(Pid(before, ControlPlane));
    }

    [Fact]
    public async Task ControlPlane_KeepsCrashing_IsReportedWithItsLastLines()
    {
        await using var supervisor = RunningSupervisor.Start((ControlPlane, "crash"));

        var status = await supervisor.Until("a crash loop", status => Process(status, ControlPlane).IsCrashLoop);

        Process(status, ControlPlane).LastEnd.ShouldBe("ended with exit code 3");
        await Until.True(() => supervisor.Error.Contains("about to fail"), "the last lines");
        File.ReadAllText(Process(status, ControlPlane).Log).ShouldContain("about to fail");
    }

    [Fact]
    public async Task ControlPlane_CrashLoopEnds_IsReadyAgain()
    {
        await using var supervisor = RunningSupervisor.Start((ControlPlane, "crash"));
        await supervisor.Until("a crash loop", status => Process(status, ControlPlane).IsCrashLoop);

        File.Delete(Path.Combine(supervisor.State.Path, ControlPlane));
        var run = await CommandRun.Cli("restart", ControlPlane, "--state", supervisor.State.Path);

        run.ExitCode.ShouldBe(0, run.Error);
        var status = await supervisor.UntilReady();
        Process(status, ControlPlane).IsCrashLoop.ShouldBeFalse();
    }

    [Fact]
    public async Task ControlPlane_RefusesItsSettings_PlatformEndsWithTheReason()
    {
        await using var supervisor = RunningSupervisor.Start((ControlPlane, "refuse"));

        await supervisor.Process.WaitForExitAsync();

        supervisor.Process.ExitCode.ShouldBe(SupervisorLink.RefusedExitCode);
        await Until.True(() => supervisor.Error.Contains("control-plane cannot run: the domain is wrong"), "the reason");
    }

    [Fact]
    public async Task Supervisor_Terminated_StopsTheGatewayFirst()
    {
        await using var supervisor = RunningSupervisor.Start();
        await supervisor.UntilReady();

        (await supervisor.Stop()).ShouldBe(0);

        File.ReadAllLines(Path.Combine(supervisor.State.Path, "ends")).ShouldBe([Gateway, ControlPlane]);
        File.Exists(PlatformStatus.FilePath(supervisor.State.Path)).ShouldBeFalse();
    }

    [Fact]
    public async Task Supervisor_TerminatedTwice_KillsWhatDoesNotStop()
    {
        await using var supervisor = RunningSupervisor.Start((Gateway, "deaf"));
        var status = await supervisor.UntilReady();

        _ = Posix.kill(supervisor.Process.Id, Posix.SIGTERM);
        await supervisor.Until("the gateway to be told", now => Process(now, Gateway).Phase == "stopping");
        (await supervisor.Stop()).ShouldBe(0);

        Exists(Pid(status, Gateway)).ShouldBeFalse();
    }

    [Fact]
    public async Task Supervisor_Killed_ChildrenEndToo()
    {
        await using var supervisor = RunningSupervisor.Start();
        var status = await supervisor.UntilReady();

        Kill(supervisor.Process.Id);

        await Until.True(() => !Exists(Pid(status, Gateway)) && !Exists(Pid(status, ControlPlane)), "the children's end");
    }

    [Fact]
    public async Task Supervisor_SecondOnTheSameState_IsRefused()
    {
        await using var supervisor = RunningSupervisor.Start();
        await supervisor.UntilReady();

        var second = await CommandRun.Of(Built.Executable, RunningSupervisor.Arguments(supervisor.State.Path));

        second.ExitCode.ShouldBe(SupervisorLink.RefusedExitCode);
        second.Error.ShouldContain($"A platform runs already on {supervisor.State.Path}");
    }

    [Fact]
    public async Task Down_Running_StopsAndSaysSo()
    {
        await using var supervisor = RunningSupervisor.Start();
        await supervisor.UntilReady();

        var run = await CommandRun.Cli("down", "--state", supervisor.State.Path);

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain("Stopped.");
        await supervisor.Process.WaitForExitAsync();
    }

    [Fact]
    public async Task Supervisor_SocketsFromSystemd_AreUsed()
    {
        const string Activate = """
            import os, socket, sys
            api, http = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
            os.dup2(os.dup(http.fileno()), 24); os.dup2(os.dup(api.fileno()), 23)
            os.dup2(23, 3); os.dup2(24, 4); os.set_inheritable(3, True); os.set_inheritable(4, True); os.closerange(5, 64)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="api:http")
            os.execv(sys.argv[1], sys.argv[1:])
            """;
        await using var supervisor = RunningSupervisor.StartBy("python3", state => ["-c", Activate, Built.Executable, .. RunningSupervisor.Arguments(state)]);

        var status = await supervisor.UntilReady();

        Target(supervisor.Process.Id, 3).ShouldBe(Target(Pid(status, ControlPlane), 3));
        Target(supervisor.Process.Id, 4).ShouldBe(Target(Pid(status, Gateway), 4));
        (await Visitors.Ask(IPEndPoint.Parse(status.Http!))).ShouldBe($"{Gateway} {Pid(status, Gateway)}");
    }

    private static string? Target(int pid, int fd) => new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget;

    private static ProcessStatus Process(PlatformStatus status, string name) => status.Processes!.Single(process => process.Name == name);

    private static int Pid(PlatformStatus status, string name) => Process(status, name).Pid ?? 0;

    private static void Kill(int pid) => Posix.kill(pid, Posix.SIGKILL).ShouldBe(0);

    // A zombie whose parent was killed is reaped by whoever adopts it; it serves nobody any more.
    private static bool Exists(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].StartsWith('Z');
}
