using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc status</c>: how a service is doing.</summary>
internal static class StateCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var command = new Command("status", "Shows how a service is doing: state, revision, instances, the last operation. Exit code 1 when it is not running.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            return await Run(platform, parsed.GetValue(name)!, parsed.GetValue(GlobalOptions.Json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(PlatformConnection platform, string nameOrArn, bool json, CancellationToken cancellationToken)
    {
        var service = await ServiceReference.Describe(platform, nameOrArn, cancellationToken);
        var arn = new JsonObject { ["ServiceArn"] = (string)service["ServiceArn"]! };
        var instances = (await platform.Api.Sanbashi("DescribeInstances", arn.DeepClone().AsObject(), cancellationToken))["Instances"]!.AsArray();
        var revisions = (await platform.Api.Sanbashi("ListRevisions", arn.DeepClone().AsObject(), cancellationToken))["Revisions"]!.AsArray();
        arn["MaxResults"] = 1;
        var operation = (await platform.Api.AppRunner("ListOperations", arn, cancellationToken))["OperationSummaryList"]!.AsArray().FirstOrDefault();
        var status = (string?)service["Status"];
        var exitCode = status == "RUNNING" || (status == "OPERATION_IN_PROGRESS" && instances.Any(IsServing)) ? ExitCodes.Success : ExitCodes.Failed;
        if (json)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["Status"] = status,
                ["Operation"] = operation?.DeepClone(),
                ["Revision"] = revisions.FirstOrDefault(revision => (string?)revision!["Status"] == "ACTIVE")?.DeepClone(),
                ["Canary"] = revisions.FirstOrDefault(revision => (string?)revision!["Status"] == "CANARY")?.DeepClone(),
                ["Instances"] = instances.DeepClone(),
            }.ToJsonString(JsonText.Options));
            return exitCode;
        }

        var active = revisions.FirstOrDefault(revision => (string?)revision!["Status"] == "ACTIVE");
        var facts = Tables.Facts();
        facts.AddRow("service", $"[bold]{((string?)service["ServiceName"]).EscapeMarkup()}[/]  {ServiceText.Status(status)}");
        facts.AddRow("revision", active is null ? "none serves" : $"{active["Revision"]}, {active["ImageIdentifier"]}".EscapeMarkup());
        if (TrafficCommand.Canary(revisions) is { } canary)
        {
            facts.AddRow("canary", canary.EscapeMarkup());
        }

        facts.AddRow("URL", (ServiceAddresses.Of(service, platform)?.Url ?? "-").EscapeMarkup());
        if (operation is not null)
        {
            facts.AddRow("last operation", $"{operation["Type"]} {ServiceText.Status((string?)operation["Status"])}, {ServiceText.Age(operation["EndedAt"] ?? operation["StartedAt"], TimeProvider.System)} ago");
        }

        Output.Result.Write(facts);
        Output.Result.WriteLine();
        InstanceTable.Write(instances);
        return exitCode;
    }

    private static bool IsServing(JsonNode? instance) => (string?)instance?["Health"] == "HEALTHY";
}
