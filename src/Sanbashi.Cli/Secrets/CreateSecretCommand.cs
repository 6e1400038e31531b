using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Definition;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>secret create</c>.</summary>
internal static class CreateSecretCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What it is called: letters, digits and /_+=.@-." };
        var value = new SecretInput();
        var description = new Option<string?>("--description") { Description = "What it is for.", HelpName = "TEXT" };
        var tag = new Option<string[]>("--tag") { Description = "A tag of the secret; may be repeated.", HelpName = "KEY=VALUE" };
        var command = new Command("create", "Creates a secret. Its value comes from a file, the standard input or a prompt.") { name, value.File, description, tag };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var input = new JsonObject { ["Name"] = parsed.GetValue(name), ["ClientRequestToken"] = Guid.NewGuid().ToString("D") };
            if (parsed.GetValue(description) is { } text)
            {
                input["Description"] = text;
            }

            if (parsed.GetValue(tag) is { Length: > 0 } tags)
            {
                input["Tags"] = new JsonArray(
                    [.. tags.Select(pair => KeyValues.Pair(pair, "--tag")).Select(pair => (JsonNode)new JsonObject { ["Key"] = pair.Key, ["Value"] = pair.Value })]);
            }

            await value.ReadInto(input, parsed, cancellationToken);
            var created = await platform.Api.SecretsManager("CreateSecret", input, cancellationToken);
            Console.Error.WriteLine($"Created {created["Name"]}. Give it to a service: sanbashi svc update NAME --secret VARIABLE={created["Name"]}");
            Console.Out.WriteLine((string?)created["ARN"]);
        });
        return command;
    }
}
