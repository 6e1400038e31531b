using System.CommandLine;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi down</c>.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var command = new Command(
            "down",
            "Stops the platform: the gateway finishes the requests it has, then the control plane stops. Instances stay running, but nothing reaches them until the next 'up'.");
        command.SetAction((parsed, cancellationToken) => Run(GlobalOptions.StateDirectory(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string state, CancellationToken cancellationToken)
    {
        var answer = await SupervisorClient.Ask(state, ControlProtocol.Stop, Console.Error.WriteLine, cancellationToken);
        Console.Error.WriteLine(answer ?? $"No platform runs on {state}; nothing to stop.");
        return ExitCodes.Success;
    }
}
