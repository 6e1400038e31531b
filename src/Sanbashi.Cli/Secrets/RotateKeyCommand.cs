using System.CommandLine;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret rotate-key</c>.</summary>
internal static class RotateKeyCommand
{
    public static Command Create()
    {
        var command = new Command("rotate-key", "Changes the key that seals all secrets of this installation. Their values stay as they are, and services notice nothing.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var rotated = await platform.Api.Sanbashi("RotateSecretsKey", [], cancellationToken);
            Console.Error.WriteLine($"Key {rotated["KeyId"]} seals the secrets now; {rotated["Rewrapped"]} values were sealed with it anew. Backups from before need the old key: keep it with them.");
            if ((int)rotated["Failed"]! is > 0 and var failed)
            {
                throw new CliException(ExitCodes.Failed, $"{failed} values could not be opened and keep their old key; the control plane's log names them. Restore or write them, and rotate again.");
            }
        });
        return command;
    }
}
