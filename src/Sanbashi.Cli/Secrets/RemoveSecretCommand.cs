using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret rm</c>.</summary>
internal static class RemoveSecretCommand
{
    public static Command Create()
    {
        var name = SecretCommand.Name();
        var days = new Option<int?>("--days") { Description = "How long it can be restored, 7-30 days. Default 30.", HelpName = "DAYS" };
        var force = new Option<bool>("--force") { Description = "At once and for ever, without a time to restore it." };
        var command = new Command("rm", "Deletes a secret. It can be restored for a while ('secret restore'), unless --force is given.") { name, days, force };
        command.Aliases.Add("delete");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var input = new JsonObject { ["SecretId"] = parsed.GetValue(name) };
            if (parsed.GetValue(force))
            {
                input["ForceDeleteWithoutRecovery"] = true;
            }

            if (parsed.GetValue(days) is { } window)
            {
                input["RecoveryWindowInDays"] = window;
            }

            var deleted = await platform.Api.SecretsManager("DeleteSecret", input, cancellationToken);
            var due = DateTimeOffset.FromUnixTimeMilliseconds((long)(deleted["DeletionDate"]!.GetValue<decimal>() * 1000)).ToLocalTime();
            Console.Error.WriteLine(parsed.GetValue(force)
                ? $"{deleted["Name"]} is deleted."
                : $"{deleted["Name"]} will be deleted on {due.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}. Bring it back: sanbashi secret restore {deleted["Name"]}");
        });
        return command;
    }
}
