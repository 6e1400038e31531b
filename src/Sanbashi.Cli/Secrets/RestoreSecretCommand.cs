using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret restore</c>.</summary>
internal static class RestoreSecretCommand
{
    public static Command Create()
    {
        var name = SecretCommand.Name();
        var command = new Command("restore", "Brings a deleted secret back, as long as its time is not over.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var restored = await platform.Api.SecretsManager("RestoreSecret", new JsonObject { ["SecretId"] = parsed.GetValue(name) }, cancellationToken);
            Console.Error.WriteLine($"{restored["Name"]} is there again.");
        });
        return command;
    }
}
