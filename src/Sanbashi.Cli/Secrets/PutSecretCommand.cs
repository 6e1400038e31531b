using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret put</c>.</summary>
internal static class PutSecretCommand
{
    public static Command Create()
    {
        var name = SecretCommand.Name();
        var value = new SecretInput();
        var command = new Command("put", "Gives a secret a new value. Services that read it are deployed anew with it.") { name, value.File };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var input = new JsonObject { ["SecretId"] = parsed.GetValue(name), ["ClientRequestToken"] = Guid.NewGuid().ToString("D") };
            await value.ReadInto(input, parsed, cancellationToken);
            var put = await platform.Api.SecretsManager("PutSecretValue", input, cancellationToken);
            Console.Error.WriteLine($"{put["Name"]} has a new value, version {put["VersionId"]}. The one before is still there as AWSPREVIOUS.");
        });
        return command;
    }
}
