using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc operations</c>.</summary>
internal static class OperationsCommand
{
    private const int Most = 20;

    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var command = new Command("operations", $"Lists the last {Most} operations of a service, newest first.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var arn = await ServiceReference.Arn(platform, parsed.GetValue(name)!, cancellationToken);
            var operations = (await platform.Api.AppRunner(
                "ListOperations", new JsonObject { ["ServiceArn"] = arn, ["MaxResults"] = Most }, cancellationToken))["OperationSummaryList"]!.AsArray();
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(operations.ToJsonString(JsonText.Options));
                return;
            }

            var table = Tables.List("OPERATION", "TYPE", "STATUS", "BEGAN", "TOOK");
            foreach (var operation in operations)
            {
                var begun = ServiceText.Time(operation!["StartedAt"]);
                var ended = ServiceText.Time(operation["EndedAt"]);
                table.AddRow(
                    (string?)operation["Id"] ?? "-",
                    (string?)operation["Type"] ?? "-",
                    ServiceText.Status((string?)operation["Status"]),
                    begun is { } at ? ServiceText.Local(at) : "-",
                    begun is { } from && ended is { } to ? Durations.Text(to - from) : "-");
            }

            Output.Result.Write(table);
        });
        return command;
    }
}
