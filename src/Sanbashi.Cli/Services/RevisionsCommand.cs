using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc revisions</c>.</summary>
internal static class RevisionsCommand
{
    private const int ShortDigest = 19;

    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var command = new Command("revisions", "Lists the revisions of a service, newest first; 'rollback' goes back to the one marked PREVIOUS.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var arn = await ServiceReference.Arn(platform, parsed.GetValue(name)!, cancellationToken);
            var revisions = (await platform.Api.Sanbashi("ListRevisions", new JsonObject { ["ServiceArn"] = arn }, cancellationToken))["Revisions"]!.AsArray();
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(revisions.ToJsonString(JsonText.Options));
                return;
            }

            var table = Tables.List("REVISION", "STATUS", "CREATED", "IMAGE", "DIGEST");
            foreach (var revision in revisions)
            {
                var digest = (string?)revision!["ImageDigest"] ?? "-";
                table.AddRow(
                    revision["Revision"]?.ToString() ?? "-",
                    ServiceText.Status((string?)revision["Status"]),
                    ServiceText.Time(revision["CreatedAt"]) is { } created ? ServiceText.Local(created) : "-",
                    ((string?)revision["ImageIdentifier"] ?? "-").EscapeMarkup(),
                    digest[..Math.Min(ShortDigest, digest.Length)]);
            }

            Output.Result.Write(table);
        });
        return command;
    }
}
