using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret ls</c>.</summary>
internal static class ListSecretsCommand
{
    public static Command Create()
    {
        var deleted = new Option<bool>("--deleted") { Description = "Those too that wait for their deletion and can be restored." };
        var command = new Command("ls", "Lists the secrets of the region, without their values.") { deleted };
        command.Aliases.Add("list");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var secrets = await All(platform, parsed.GetValue(deleted), cancellationToken);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(new JsonArray([.. secrets.Select(secret => secret.DeepClone())]).ToJsonString(JsonText.Options));
                return;
            }

            if (secrets.Count == 0)
            {
                Console.Error.WriteLine($"There are no secrets in region {platform.Region}. Create one: sanbashi secret create NAME");
                return;
            }

            var table = Tables.List("NAME", "AGE", "CHANGED", "DESCRIPTION");
            foreach (var secret in secrets)
            {
                table.AddRow(
                    ((string?)secret["Name"]).EscapeMarkup(),
                    ServiceText.Age(secret["CreatedDate"], TimeProvider.System),
                    ServiceText.Age(secret["LastChangedDate"], TimeProvider.System),
                    secret["DeletedDate"] is null ? ((string?)secret["Description"] ?? "").EscapeMarkup() : "[yellow]deleted; 'secret restore' brings it back[/]");
            }

            Output.Result.Write(table);
        });
        return command;
    }

    private static async Task<List<JsonNode>> All(PlatformConnection platform, bool withDeleted, CancellationToken cancellationToken)
    {
        var secrets = new List<JsonNode>();
        var input = new JsonObject { ["SortBy"] = "name", ["IncludePlannedDeletion"] = withDeleted };
        do
        {
            var page = await platform.Api.SecretsManager("ListSecrets", input, cancellationToken);
            secrets.AddRange(page["SecretList"]!.AsArray().Select(static secret => secret!));
            input["NextToken"] = (string?)page["NextToken"];
        }
        while (input["NextToken"] is not null);
        return secrets;
    }
}
