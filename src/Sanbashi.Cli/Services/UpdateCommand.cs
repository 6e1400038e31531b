using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Builds;
using Sanbashi.Cli.Services.Definition;
using Sanbashi.Cli.Services.Watching;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc update</c>: what is not given stays as it is.</summary>
internal static class UpdateCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var definition = new DefinitionOptions();
        var watch = new WatchOptions();
        var unset = new Option<string[]>("--unset-env") { Description = "Take a variable away; a secret one too; may be repeated.", HelpName = "KEY" };
        var healthTcp = new Option<bool>("--health-tcp") { Description = "Check health by connecting to the port again, instead of by HTTP." };
        var traffic = new Option<string?>("--traffic")
        {
            Description = "The share of the requests that the new revision takes as a canary, such as new=10%, until 'promote' or 'rollback'; short for --setting traffic=new=10%.",
            HelpName = "SHARE",
        };
        var command = new Command("update", "Changes a service and deploys the change beside what runs; what is not given stays as it is.") { name };
        definition.AddTo(command);
        command.Options.Add(unset);
        command.Options.Add(healthTcp);
        command.Options.Add(traffic);
        watch.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(definition.Image) is not null && result.GetValue(definition.Build) is not null)
            {
                result.AddError("Give --image or --build, not both.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var service = await ServiceReference.Describe(platform, parsed.GetValue(name)!, cancellationToken);
            var settings = (parsed.GetValue(definition.Setting) ?? []).Select(text => KeyValues.Pair(text, "--setting")).ToList();
            if (parsed.GetValue(traffic) is { } share)
            {
                settings.Add(KeyValuePair.Create(TrafficCommand.Setting, share));
            }

            return await Run(platform, parsed, service, definition, watch, settings, parsed.GetValue(unset) ?? [], parsed.GetValue(healthTcp), cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(
        PlatformConnection platform, ParseResult parsed, JsonObject service, DefinitionOptions definition, WatchOptions watch,
        IReadOnlyList<KeyValuePair<string, string>> settings, IReadOnlyList<string> unset, bool healthTcp, CancellationToken cancellationToken)
    {
        var arn = (string)service["ServiceArn"]!;
        var name = (string)service["ServiceName"]!;
        var variables = definition.Variables(parsed);
        var input = new JsonObject { ["ServiceArn"] = arn };
        definition.ApplyTo(input, parsed);
        if (healthTcp)
        {
            input["HealthCheckConfiguration"] ??= new JsonObject();
            input["HealthCheckConfiguration"]!["Protocol"] = "TCP";
        }

        var tags = (parsed.GetValue(definition.Tag) ?? []).Select(text => KeyValues.Pair(text, "--tag")).ToList();

        var image = parsed.GetValue(definition.Image) is not null || parsed.GetValue(definition.Build) is not null
            ? await ImageSource.Resolve(platform, parsed, definition, name, cancellationToken)
            : null;
        var secrets = await SecretReferences.Resolve(platform, parsed.GetValue(definition.Secret) ?? [], cancellationToken);
        if (Source(service, image, definition.ImageConfiguration(parsed, port: null), variables, secrets, unset) is { } source)
        {
            input["SourceConfiguration"] = source;
        }

        if (tags.Count > 0)
        {
            var list = new JsonArray([.. tags.Select(pair => (JsonNode)new JsonObject { ["Key"] = pair.Key, ["Value"] = pair.Value })]);
            await platform.Api.AppRunner("TagResource", new JsonObject { ["ResourceArn"] = arn, ["Tags"] = list }, cancellationToken);
        }

        var follower = new OperationFollower(platform, watch, parsed, TimeProvider.System);
        string? operationId = null;
        if (settings.Count > 0)
        {
            operationId = await ServiceSettingsWriter.Put(platform, arn, settings, cancellationToken);
            if (operationId is not null && input.Count > 1)
            {
                // One operation at a time: the settings' own deployment comes first.
                var code = await follower.Follow($"Applying settings of {name}", arn, name, operationId, cancellationToken);
                if (code != ExitCodes.Success)
                {
                    return code;
                }
            }
        }

        if (input.Count > 1)
        {
            operationId = (string?)(await platform.Api.AppRunner("UpdateService", input, cancellationToken))["OperationId"];
        }

        else if (operationId is null && !parsed.GetValue(GlobalOptions.Json))
        {
            Console.Error.WriteLine(tags.Count + settings.Count > 0 ? "Applied; no deployment was needed." : "Nothing was given to change; 'svc update --help' shows what can be.");
            return ExitCodes.Success;
        }

        return await follower.Follow($"Updating {name}", arn, name, operationId, cancellationToken);
    }

    /// <summary>The present source with the changes laid over it; null when nothing of it changes.</summary>
    internal static JsonObject? Source(
        JsonObject service, string? image, JsonObject changes, IReadOnlyDictionary<string, string> variables, JsonObject secrets, IReadOnlyList<string> unset)
    {
        if (image is null && changes.Count == 0 && variables.Count == 0 && secrets.Count == 0 && unset.Count == 0)
        {
            return null;
        }

        var repository = service["SourceConfiguration"]?["ImageRepository"]?.DeepClone().AsObject()
            ?? throw new CliException(ExitCodes.Conflict, $"Service {service["ServiceName"]} is not built from an image, so these options do not fit it.");
        if (image is not null)
        {
            repository["ImageIdentifier"] = image;
            repository["ImageRepositoryType"] = DefinitionOptions.RepositoryType(image);
        }

        var configuration = repository["ImageConfiguration"]?.AsObject();
        if (configuration is null)
        {
            repository["ImageConfiguration"] = configuration = [];
        }

        foreach (var (member, value) in changes)
        {
            configuration[member] = value?.DeepClone();
        }

        if (variables.Count > 0 || secrets.Count > 0 || unset.Count > 0)
        {
            var sealedVariables = configuration["RuntimeEnvironmentSecrets"]?.DeepClone().AsObject() ?? [];
            var all = configuration["RuntimeEnvironmentVariables"]?.DeepClone().AsObject() ?? [];
            foreach (var (key, value) in variables)
            {
                all[key] = value;
                sealedVariables.Remove(key);
            }

            // A variable that becomes a secret is no plain one any more, and the other way round.
            foreach (var (key, reference) in secrets)
            {
                sealedVariables[key] = reference?.DeepClone();
                all.Remove(key);
            }

            foreach (var key in unset)
            {
                if (!all.Remove(key) && !sealedVariables.Remove(key))
                {
                    throw new CliException(ExitCodes.NotFound, $"--unset-env {key}: the service has no such variable. It has: {string.Join(", ", all.Concat(sealedVariables).Select(variable => variable.Key))}.");
                }
            }

            configuration["RuntimeEnvironmentVariables"] = all;
            if (sealedVariables.Count > 0 || configuration.ContainsKey("RuntimeEnvironmentSecrets"))
            {
                configuration["RuntimeEnvironmentSecrets"] = sealedVariables;
            }
        }

        return new JsonObject { ["ImageRepository"] = repository };
    }
}
