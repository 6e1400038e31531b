using System.CommandLine;
using System.Text.Json;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var command = new Command("status", "Shows whether the platform runs, where it answers, and its processes. Exit code 4 when it does not run.");
        command.SetAction((parsed, cancellationToken) => Run(GlobalOptions.StateDirectory(parsed), parsed.GetValue(GlobalOptions.Json), cancellationToken));
        return command;
    }

    private static async Task<int> Run(string state, bool json, CancellationToken cancellationToken)
    {
        var status = await SupervisorClient.Status(state, cancellationToken)
            ?? throw new CliException(ExitCodes.Unreachable, $"No platform runs on {state}. Start one: sanbashi up");
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(status, SupervisionJsonContext.Default.PlatformStatus));
            return ExitCodes.Success;
        }

        StatusView.Write(status);
        return ExitCodes.Success;
    }
}
