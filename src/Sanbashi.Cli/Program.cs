using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli;

internal static class Program
{
    private static int Main(string[] arguments) => arguments switch
    {
        // The processes that stay come first, and without the command line's libraries: their memory is counted.
        [SupervisorProcess.Name, .. var rest] => SupervisorProcess.Run(rest),
        [PlatformRecipes.GatewayName, .. var rest] => GatewayProcess.Run(rest),
        [PlatformRecipes.ControlPlaneName, .. var rest] => ControlPlaneProcess.Run(rest),
        _ => CommandLine.Run(arguments),
    };
}
