using System.Text.Json;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary><c>up --detach</c>: starts the supervisor in a session of its own and waits until the platform answers.</summary>
internal static class DetachedStart
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(30);

    public static async Task<int> Run(
        SupervisorOptions options, IReadOnlyDictionary<string, string?> environment, bool json, CancellationToken cancellationToken)
    {
        var outputPath = PlatformPaths.ProcessLog(options.StateDirectory, "start");
        using var output = File.Open(outputPath, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        var pid = Spawn.Start(new SpawnOptions(
            Environment.ProcessPath!,
            [SupervisorProcess.Name, .. (options with { Json = false }).ToArguments()],
            environment,
            [],
            (int)output.SafeFileHandle.DangerousGetHandle(),
            OwnSession: true));

        using var deadline = new CancellationTokenSource(SupervisorDefaults.StartTimeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var status = await WaitUntilReady(options.StateDirectory, pid, outputPath, either.Token);
            Console.Out.WriteLine(json
                ? JsonSerializer.Serialize(status, SupervisionJsonContext.Default.PlatformStatus)
                : PlatformBanner.Text(status).Trim('\n'));
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = await Reason(options.StateDirectory, outputPath, cancellationToken);
            _ = Posix.kill(pid, Posix.SIGTERM);
            throw new CliException(
                ExitCodes.TimedOut, $"The platform did not answer within {SupervisorDefaults.StartTimeout.TotalSeconds:0} s and was stopped.{reason}");
        }
    }

    private static async Task<PlatformStatus> WaitUntilReady(string state, int pid, string outputPath, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (HasEnded(pid))
            {
                throw new CliException(ExitCodes.Failed, (await File.ReadAllTextAsync(outputPath, cancellationToken)).TrimEnd());
            }

            if (await SupervisorClient.Status(state, cancellationToken) is { IsReady: true } status)
            {
                return status;
            }

            await Task.Delay(_look, TimeProvider.System, cancellationToken);
        }
    }

    private static unsafe bool HasEnded(int pid)
    {
        int status;
        return Posix.waitpid(pid, &status, Posix.WNOHANG) != 0;
    }

    private static async Task<string> Reason(string state, string outputPath, CancellationToken cancellationToken)
    {
        var text = (await File.ReadAllTextAsync(outputPath, cancellationToken)).TrimEnd();
        var status = await SupervisorClient.Status(state, cancellationToken);
        foreach (var process in status?.Processes ?? [])
        {
            if (process.Phase != "ready")
            {
                var lines = File.Exists(process.Log) ? File.ReadLines(process.Log).TakeLast(SupervisorDefaults.LastLines) : [];
                text += $"\n{process.Name} is {process.Phase}; the last lines of {process.Log}:\n  {string.Join("\n  ", lines)}";
            }
        }

        return "\n" + text;
    }
}
