using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary>What the control plane and the gateway have in common as processes: signals, the link with the supervisor, exit codes.</summary>
internal static class ChildHost
{
    /// <param name="serve">Runs until the link says to stop, and tells it how far it has come.</param>
    /// <param name="inherited">Listening sockets, which nothing that the process starts may hold.</param>
    public static int Run(string name, IEnumerable<string> inherited, Func<ChildLink, Task> serve)
    {
        using var link = new ChildLink();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            foreach (var fd in inherited)
            {
                Descriptors.KeepFromChildren(int.Parse(fd, System.Globalization.CultureInfo.InvariantCulture));
            }

            serve(link).GetAwaiter().GetResult();
            return 0;
        }
        catch (OperationCanceledException) when (link.Stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (FormatException wrong)
        {
            link.Refuse(wrong.Message);
            Console.Error.WriteLine($"The {name} cannot run with these settings: {wrong.Message}");
            return SupervisorLink.RefusedExitCode;
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine($"The {name} ends: {failure}");
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            link.Stop();
        }
    }
}
