using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Watching;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc traffic</c>: shows which revision takes how much of the requests, or changes the canary's share.</summary>
internal static class TrafficCommand
{
    public const string Setting = "traffic";

    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var share = new Argument<string?>("SHARE")
        {
            Description = "The share of a new revision, such as new=10%; for a canary that is there at once, for others with their deployment. new=100% promotes it. Without it the shares are shown.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var watch = new WatchOptions();
        var command = new Command("traffic", "Shows how a service's requests are shared between its revisions, or changes the share of its canary.") { name, share };
        watch.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var service = await ServiceReference.Describe(platform, parsed.GetValue(name)!, cancellationToken);
            var arn = (string)service["ServiceArn"]!;
            if (parsed.GetValue(share) is not { } value)
            {
                await Show(platform, arn, parsed.GetValue(GlobalOptions.Json), cancellationToken);
                return ExitCodes.Success;
            }

            var operationId = await ServiceSettingsWriter.Put(platform, arn, [KeyValuePair.Create(Setting, value)], cancellationToken);
            if (operationId is null)
            {
                await Show(platform, arn, parsed.GetValue(GlobalOptions.Json), cancellationToken);
                return ExitCodes.Success;
            }

            var serviceName = (string)service["ServiceName"]!;
            return await new OperationFollower(platform, watch, parsed, TimeProvider.System).Follow($"Promoting the canary of {serviceName}", arn, serviceName, operationId, cancellationToken);
        });
        return command;
    }

    private static async Task Show(PlatformConnection platform, string arn, bool json, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["ServiceArn"] = arn };
        var revisions = (await platform.Api.Sanbashi("ListRevisions", input.DeepClone().AsObject(), cancellationToken))["Revisions"]!.AsArray()
            .Where(revision => revision!["TrafficPercent"] is not null)
            .Select(revision => revision!.AsObject())
            .ToList();
        var settings = (await platform.Api.Sanbashi("GetServiceSettings", input, cancellationToken))["Settings"]!.AsArray();
        var next = (string?)settings.First(setting => (string?)setting!["Name"] == Setting)!["Value"];
        if (json)
        {
            Console.Out.WriteLine(new JsonObject
            {
                ["Setting"] = next,
                ["Revisions"] = new JsonArray([.. revisions.Select(revision => revision.DeepClone())]),
            }.ToJsonString(JsonText.Options));
            return;
        }

        var table = Tables.List("REVISION", "STATUS", "REQUESTS", "IMAGE");
        foreach (var revision in revisions)
        {
            table.AddRow(
                revision["Revision"]?.ToString() ?? "-",
                ServiceText.Status((string?)revision["Status"]),
                $"{revision["TrafficPercent"]}%",
                ((string?)revision["ImageIdentifier"] ?? "-").EscapeMarkup());
        }

        Output.Result.Write(table);
        Output.Result.WriteLine($"Setting {Setting}: {next}");
    }

    /// <summary>The canary and its share, for people; null without one.</summary>
    public static string? Canary(JsonArray revisions) =>
        revisions.FirstOrDefault(revision => (string?)revision!["Status"] == "CANARY") is { } canary
            ? $"{canary["Revision"]}, {canary["ImageIdentifier"]}, takes {canary["TrafficPercent"]}% of the requests"
            : null;
}
