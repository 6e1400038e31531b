using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Platform;

namespace Sanbashi.Cli.Supervision;

/// <summary>The hidden command <c>supervisor</c>: what <c>up</c> becomes once its arguments are checked.</summary>
internal static class SupervisorProcess
{
    public const string Name = "supervisor";

    public static int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            var options = SupervisorOptions.Parse(arguments);
            PlatformPaths.Prepare(options.StateDirectory);
            if (!StateLock.TryTake(options.StateDirectory))
            {
                throw new InvalidOperationException($"A platform runs already on {options.StateDirectory}; sanbashi status shows it.");
            }

            Protect();
            var sockets = PlatformSockets.Open(options, SystemdSockets.Read(Environment.GetEnvironmentVariable, Environment.ProcessId));
            using var supervisor = new Supervisor(options, sockets, options.Program ?? Environment.ProcessPath!, TimeProvider.System);
            return supervisor.Run();
        }
        catch (Exception failure) when (failure is PosixException or FormatException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            _ = Descriptors.Write(2, $"The platform cannot start. {failure.Message}\n");
            return SupervisorLink.RefusedExitCode;
        }
    }

    /// <summary>The platform's processes inherit this; containers are the engine's children and do not.</summary>
    private static void Protect()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", SupervisorDefaults.OomScoreAdjustment.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            // Only root may ask for protection. Without it the platform works; when memory ends the kernel chooses by size alone.
        }
    }
}
