using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Definition;
using Sanbashi.Cli.Services.Watching;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc settings</c>: shows them, or changes those that are given.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var changes = new Argument<string[]>("NAME=VALUE") { Description = "Settings to change, NAME= for back to its default; without any, all are shown.", Arity = ArgumentArity.ZeroOrMore };
        var watch = new WatchOptions();
        var command = new Command("settings", "Shows a service's settings beyond App Runner's, with where each value comes from, or changes them.") { name, changes };
        watch.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var service = await ServiceReference.Describe(platform, parsed.GetValue(name)!, cancellationToken);
            var arn = (string)service["ServiceArn"]!;
            var pairs = parsed.GetValue(changes)!.Select(text => KeyValues.Pair(text, "setting")).ToList();
            if (pairs.Count == 0)
            {
                await Show(platform, arn, parsed.GetValue(GlobalOptions.Json), cancellationToken);
                return ExitCodes.Success;
            }

            var operationId = await ServiceSettingsWriter.Put(platform, arn, pairs, cancellationToken);
            if (operationId is null && !parsed.GetValue(GlobalOptions.Json))
            {
                Console.Error.WriteLine("Applied.");
                return ExitCodes.Success;
            }

            var serviceName = (string)service["ServiceName"]!;
            return await new OperationFollower(platform, watch, parsed, TimeProvider.System).Follow($"Applying settings of {serviceName}", arn, serviceName, operationId, cancellationToken);
        });
        return command;
    }

    private static async Task Show(PlatformConnection platform, string arn, bool json, CancellationToken cancellationToken)
    {
        var settings = (await platform.Api.Sanbashi("GetServiceSettings", new JsonObject { ["ServiceArn"] = arn }, cancellationToken))["Settings"]!.AsArray();
        if (json)
        {
            Console.Out.WriteLine(settings.ToJsonString(JsonText.Options));
            return;
        }

        var table = Tables.List("SETTING", "VALUE", "FROM", "APPLIES", "WHAT IT IS");
        table.Columns[^1].NoWrap = false;
        foreach (var setting in settings)
        {
            var isDefault = (string?)setting!["Source"] == "DEFAULT";
            var value = ((string?)setting["Value"]).EscapeMarkup();
            table.AddRow(
                (string?)setting["Name"] ?? "-",
                isDefault ? value : $"[bold]{value}[/]",
                (string?)setting["Source"] switch { "TAG" => "tag", "API" => "setting", _ => "default" },
                (string?)setting["AppliesBy"] == "LIVE" ? "at once" : "by deployment",
                ((string?)setting["Description"]).EscapeMarkup());
        }

        Output.Result.Write(table);
    }
}
