using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi env</c>.</summary>
internal static class EnvCommand
{
    public static Command Create()
    {
        var fish = new Option<bool>("--fish") { Description = "Write it for the fish shell." };
        var command = new Command("env", "Prints the variables that point AWS clients at the platform: eval \"$(sanbashi env)\"") { fish };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            if (platform.IsTunnelled)
            {
                throw new CliException(
                    ExitCodes.Usage,
                    $"Context '{platform.Context}' is reached through ssh only while a command runs, so there is no address to print. Use 'sanbashi aws ...', or forward the port yourself (ssh -L) and add a context for it.");
            }

            var variables = Variables(platform);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(new JsonObject(variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value))).ToJsonString(JsonText.Options));
                return;
            }

            foreach (var (name, value) in variables)
            {
                Console.Out.WriteLine(parsed.GetValue(fish) ? $"set -gx {name} {Quote(value)};" : $"export {name}={Quote(value)}");
            }

            if (platform.Context == ContextStore.Local)
            {
                Console.Out.WriteLine("# This is the root key, which may do everything: for the first minutes only. Make a user: sanbashi user create NAME --admin");
            }

            Warn();
        });
        return command;
    }

    /// <summary>In the order in which they are printed.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Variables(PlatformConnection platform)
    {
        var endpoint = platform.Endpoint.GetLeftPart(UriPartial.Authority);
        return
        [
            new("AWS_ENDPOINT_URL", endpoint),
            new("AWS_REGION", platform.Region),
            new("AWS_DEFAULT_REGION", platform.Region),
            new("AWS_ACCESS_KEY_ID", platform.Credential.AccessKeyId),
            new("AWS_SECRET_ACCESS_KEY", platform.Credential.SecretAccessKey),

            // Left over from a session with AWS, it would be sent along and refused.
            new("AWS_SESSION_TOKEN", platform.Credential.SessionToken ?? ""),
            new("AWS_PROFILE", ""),
        ];
    }

    internal static string Quote(string value) =>
        value.Length > 0 && value.All(character => char.IsAsciiLetterOrDigit(character) || "._:/@%+=-".Contains(character))
            ? value
            : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Warn()
    {
        if (AwsProgram.Find() is { } aws && AwsProgram.AskVersion(aws) is { } version && !AwsProgram.ReadsEndpointVariable(version))
        {
            Console.Out.WriteLine($"# {aws} is version {version}, which ignores AWS_ENDPOINT_URL and would call AWS: use 'sanbashi aws ...' instead, or aws 2.13 or newer.");
            Console.Error.WriteLine($"Warning: {aws} is version {version}, which ignores AWS_ENDPOINT_URL and would call AWS with this key. Use 'sanbashi aws ...' instead; SDKs and aws from 2.13 on are fine.");
        }
    }
}
