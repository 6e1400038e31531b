using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret show</c>.</summary>
internal static class ShowSecretCommand
{
    public static Command Create()
    {
        var name = SecretCommand.Name();
        var value = new Option<bool>("--value") { Description = "Print the current value, and nothing else." };
        var command = new Command("show", "Shows a secret: its versions and labels, or with --value what it holds.") { name, value };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var input = new JsonObject { ["SecretId"] = parsed.GetValue(name) };
            if (parsed.GetValue(value))
            {
                await WriteValue(await platform.Api.SecretsManager("GetSecretValue", input, cancellationToken), cancellationToken);
                return;
            }

            var secret = await platform.Api.SecretsManager("DescribeSecret", input, cancellationToken);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(secret.ToJsonString(JsonText.Options));
                return;
            }

            var table = Tables.Facts();
            foreach (var (title, text) in Facts(secret))
            {
                table.AddRow(title, text.EscapeMarkup());
            }

            Output.Result.Write(table);
        });
        return command;
    }

    private static IEnumerable<(string Title, string Text)> Facts(JsonObject secret)
    {
        foreach (var (title, member) in new[] { ("Name", "Name"), ("ARN", "ARN"), ("Description", "Description"), ("Rotated by", "RotationLambdaARN") })
        {
            if ((string?)secret[member] is { } text)
            {
                yield return (title, text);
            }
        }

        foreach (var (version, stages) in secret["VersionIdsToStages"]?.AsObject() ?? [])
        {
            yield return ("Version", $"{version}  {string.Join(", ", stages!.AsArray().Select(static stage => (string?)stage))}");
        }

        foreach (var tag in secret["Tags"]?.AsArray() ?? [])
        {
            yield return ("Tag", $"{tag!["Key"]}={tag["Value"]}");
        }
    }

    /// <summary>A text gets a line end on a terminal only; a pipe gets the value and nothing else.</summary>
    private static async Task WriteValue(JsonObject value, CancellationToken cancellationToken)
    {
        if ((string?)value["SecretString"] is { } text)
        {
            Console.Out.Write(Console.IsOutputRedirected ? text : text + "\n");
            return;
        }

        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Convert.FromBase64String((string)value["SecretBinary"]!), cancellationToken);
    }
}
