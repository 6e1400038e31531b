using System.Diagnostics;
using System.Text;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Tests.Supervision;

/// <summary>The real supervisor with stand-ins for its children, on free ports and a state folder of its own.</summary>
internal sealed class RunningSupervisor : IAsyncDisposable
{
    private readonly StringBuilder _error = new();

    private RunningSupervisor(TemporaryFolder state, Process process)
    {
        (State, Process) = (state, process);
        process.ErrorDataReceived += (_, line) => { lock (_error) { _error.AppendLine(line.Data); } };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public TemporaryFolder State { get; }

    public Process Process { get; }

    public string Error
    {
        get { lock (_error) { return _error.ToString(); } }
    }

    /// <param name="behaviour">Per role, what the stand-in does instead of serving (see child.py).</param>
    public static RunningSupervisor Start(params (string Role, string Behaviour)[] behaviour)
    {
        var state = new TemporaryFolder();
        foreach (var (role, does) in behaviour)
        {
            state.File(role, does);
        }

        return new RunningSupervisor(state, Process.Start(CommandRun.Describe(Built.Executable, Arguments(state.Path), null))!);
    }

    /// <summary>Runs it by way of another program (a shell, python), which must end up as it.</summary>
    public static RunningSupervisor StartBy(string program, Func<string, IReadOnlyList<string>> arguments)
    {
        var state = new TemporaryFolder();
        return new RunningSupervisor(state, Process.Start(CommandRun.Describe(program, arguments(state.Path), null))!);
    }

    public static IReadOnlyList<string> Arguments(string state) =>
    [
        SupervisorProcess.Name,
        .. new SupervisorOptions
        {
            StateDirectory = state,
            Api = [new(System.Net.IPAddress.Loopback, 0)],
            Http = new(System.Net.IPAddress.Loopback, 0),
            Https = null,
            Program = Path.Combine(AppContext.BaseDirectory, "Supervision", "child.py"),
        }.ToArguments(),
    ];

    public Task<PlatformStatus?> Status() => SupervisorClient.Status(State.Path, CancellationToken.None);

    public Task<PlatformStatus> UntilReady() => Until("the platform to be ready", status => status.IsReady);

    public Task<PlatformStatus> Until(string what, Func<PlatformStatus, bool> condition) => Tests.Until.NotNull(
        async () =>
        {
            if (Process.HasExited)
            {
                throw new InvalidOperationException($"The supervisor ended with {Process.ExitCode}: {Error}");
            }

            return await Status() is { } status && condition(status) ? status : null;
        },
        what);

    /// <summary>Tells it to stop and waits for its end; answers the exit code.</summary>
    public async Task<int> Stop()
    {
        _ = Posix.kill(Process.Id, Posix.SIGTERM);
        await Process.WaitForExitAsync();
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            var pids = (await Status())?.Processes?.Select(process => process.Pid).OfType<int>() ?? [];
            Process.Kill();
            foreach (var pid in pids)
            {
                _ = Posix.kill(pid, Posix.SIGKILL);
            }

            await Process.WaitForExitAsync();
        }

        Process.Dispose();
        State.Dispose();
    }
}
