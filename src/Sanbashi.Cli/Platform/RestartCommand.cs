using System.CommandLine;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi restart</c>: a hand-over, no request is lost.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var what = new Argument<string[]>("PROCESS")
        {
            Description = "control-plane, gateway, or both when not given.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        what.AcceptOnlyFromAmong(PlatformRecipes.ControlPlaneName, PlatformRecipes.GatewayName);
        var command = new Command("restart", "Replaces the platform's processes by fresh ones on the same sockets: the new one starts beside the old one, which then finishes what it has.")
        {
            what,
        };
        command.SetAction((parsed, cancellationToken) => Run(GlobalOptions.StateOfThisMachine(parsed), parsed.GetValue(what)!, cancellationToken));
        return command;
    }

    private static async Task<int> Run(string state, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names.Count > 0 ? names : [PlatformRecipes.ControlPlaneName, PlatformRecipes.GatewayName])
        {
            var answer = await SupervisorClient.Ask(state, $"{ControlProtocol.Restart} {name}", Console.Error.WriteLine, cancellationToken)
                ?? throw new CliException(ExitCodes.Unreachable, $"No platform runs on {state}. Start one: sanbashi up");
            Console.Error.WriteLine(answer);
        }

        return ExitCodes.Success;
    }
}
