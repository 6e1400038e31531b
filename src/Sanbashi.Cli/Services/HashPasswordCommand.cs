using System.CommandLine;
using Sanbashi.Cli.Terminal;
using Sanbashi.Domain.Routing;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc hash-password</c>: makes the value of the setting <c>basic-auth</c>, so that no password is in any tag.</summary>
internal static class HashPasswordCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The name that callers give." };
        var command = new Command("hash-password", "Asks for a password, or reads it from the standard input, and prints NAME:HASH for the setting basic-auth.") { name };
        command.SetAction(parsed =>
        {
            var user = parsed.GetValue(name)!;
            if (user.Length == 0 || user.Any(static c => c is ':' or ',' || char.IsControl(c)))
            {
                throw new CliException(ExitCodes.Usage, $"The name '{user}' cannot be used: it is empty, or has a colon, a comma or a control character.");
            }

            var password = Console.IsInputRedirected ? Console.In.ReadLine() : Output.Progress.Prompt(new TextPrompt<string>("Password:").Secret());
            if (string.IsNullOrEmpty(password))
            {
                throw new CliException(ExitCodes.Usage, "No password was given: type one, or send it as the first line of the standard input.");
            }

            Console.Out.WriteLine($"{user}:{PasswordHash.Make(password)}");
            return ExitCodes.Success;
        });
        return command;
    }
}
