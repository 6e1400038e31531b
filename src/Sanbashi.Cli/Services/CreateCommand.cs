using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Builds;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Definition;
using Sanbashi.Cli.Services.Watching;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc create</c>.</summary>
internal static class CreateCommand
{
    public static Command Create()
    {
        var name = new Option<string>("--name") { Description = "The service's name: 4-40 letters, digits, - and _.", HelpName = "NAME", Required = true };
        var definition = new DefinitionOptions();
        var watch = new WatchOptions();
        var command = new Command("create", "Creates a service from an image or a folder with a Dockerfile, and follows its first deployment.") { name };
        definition.AddTo(command);
        watch.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(definition.Image) is null) == (result.GetValue(definition.Build) is null))
            {
                result.AddError("Give the image to run (--image REFERENCE) or the folder to build it from (--build DIR), one of the two.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            return await Run(platform, parsed, parsed.GetValue(name)!, definition, watch, cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(
        PlatformConnection platform, ParseResult parsed, string name, DefinitionOptions definition, WatchOptions watch, CancellationToken cancellationToken)
    {
        // Everything that may be wrong on the command line comes before the build, which takes its time.
        var variables = definition.Variables(parsed);
        var input = new JsonObject { ["ServiceName"] = name };
        definition.ApplyTo(input, parsed);
        var tags = Tags(parsed.GetValue(definition.Tag) ?? [], parsed.GetValue(definition.Setting) ?? []);
        if (tags.Count > 0)
        {
            input["Tags"] = tags;
        }

        var image = await ImageSource.Resolve(platform, parsed, definition, name, cancellationToken);
        var configuration = definition.ImageConfiguration(parsed, await ImageSource.Port(platform, parsed, definition, image, cancellationToken));
        if (variables.Count > 0)
        {
            configuration["RuntimeEnvironmentVariables"] = new JsonObject(variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value)));
        }

        if (parsed.GetValue(definition.Secret) is { Length: > 0 } secrets)
        {
            configuration["RuntimeEnvironmentSecrets"] = await SecretReferences.Resolve(platform, secrets, cancellationToken);
        }

        input["SourceConfiguration"] = new JsonObject
        {
            ["AutoDeploymentsEnabled"] = false,
            ["ImageRepository"] = new JsonObject
            {
                ["ImageIdentifier"] = image,
                ["ImageRepositoryType"] = DefinitionOptions.RepositoryType(image),
                ["ImageConfiguration"] = configuration,
            },
        };
        var created = await platform.Api.AppRunner("CreateService", input, cancellationToken);
        var follower = new OperationFollower(platform, watch, parsed, TimeProvider.System);
        return await follower.Follow($"Creating {name}", (string)created["Service"]!["ServiceArn"]!, name, (string?)created["OperationId"], cancellationToken);
    }

    /// <summary>A setting is a tag with a prefix; so it takes part in the first deployment.</summary>
    private static JsonArray Tags(IEnumerable<string> tags, IEnumerable<string> settings)
    {
        var pairs = tags.Select(text => KeyValues.Pair(text, "--tag"))
            .Concat(settings.Select(text => KeyValues.Pair(text, "--setting")).Select(pair => KeyValuePair.Create(SettingsCatalog.TagPrefix + pair.Key, pair.Value)));
        return new JsonArray([.. pairs.Select(pair => (JsonNode)new JsonObject { ["Key"] = pair.Key, ["Value"] = pair.Value })]);
    }
}
