using System.Text.Json.Nodes;
using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>The real <c>aws</c>, with nothing of this machine's own configuration.</summary>
/// <param name="home">The folder below which it finds models that it was taught.</param>
internal sealed class AwsCli(Uri endpoint, ApiCredential credential, string region, string? home = null)
{
    private const string Program = "/usr/bin/aws";

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Runs it and reads its JSON; a failure of it is one of the test.</summary>
    public async Task<JsonNode> Run(params string[] arguments)
    {
        var result = (await Try(arguments)).ShouldSucceed();
        return result.Output.Length == 0 ? new JsonObject() : JsonNode.Parse(result.Output)!;
    }

    public Task<CommandResult> Try(params string[] arguments) =>
        Command.Run(Program, ["--endpoint-url", endpoint.ToString(), "--region", region, "--output", "json", .. arguments], Environment);

    /// <summary>A program of Python's that finds its key in the environment, as boto3 does.</summary>
    public Task<CommandResult> Python(string script) => Command.Run("/usr/bin/python3", ["-c", script], Environment);

    /// <summary>One that knows another service's operations.</summary>
    /// <param name="folder">Keeps what it learns.</param>
    public async Task<AwsCli> Learn(string folder, string service, string modelPath)
    {
        var taught = new AwsCli(endpoint, credential, region, folder);
        (await Command.Run(Program, ["configure", "add-model", "--service-name", service, "--service-model", $"file://{modelPath}"], taught.Environment)).ShouldSucceed();
        return taught;
    }

    private Dictionary<string, string?> Environment => new()
    {
        ["AWS_ACCESS_KEY_ID"] = credential.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = credential.SecretAccessKey,
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        ["AWS_MAX_ATTEMPTS"] = "1",
        ["AWS_PAGER"] = "",
        ["AWS_SESSION_TOKEN"] = null,
        ["AWS_PROFILE"] = null,
        ["HOME"] = home ?? "/nonexistent",
    };
}
