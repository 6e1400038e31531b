using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>The real <c>aws</c>, with nothing of this machine's own configuration.</summary>
internal sealed class AwsCli(Uri endpoint, string region)
{
    private const string Program = "/usr/bin/aws";

    /// <summary>Runs a command that has to succeed; answers its output.</summary>
    public async Task<JsonNode?> Run(params string[] arguments)
    {
        var (exitCode, output, error) = await Start(arguments);
        exitCode.ShouldBe(0, error);
        return output.Length == 0 ? null : JsonNode.Parse(output);
    }

    /// <summary>Runs a command that has to fail; answers what it says.</summary>
    public async Task<string> Fail(params string[] arguments)
    {
        var (exitCode, output, error) = await Start(arguments);
        exitCode.ShouldNotBe(0, output);
        return error;
    }

    private async Task<(int ExitCode, string Output, string Error)> Start(string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not installed");
        var start = new ProcessStartInfo(Program, ["--endpoint-url", endpoint.ToString(), "--region", region, "--output", "json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = ApiHost.Root.AccessKeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = ApiHost.Root.SecretAccessKey;
        start.Environment["AWS_CONFIG_FILE"] = "/dev/null";
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        start.Environment["AWS_MAX_ATTEMPTS"] = "1";
        start.Environment["AWS_PAGER"] = "";
        start.Environment.Remove("AWS_SESSION_TOKEN");
        start.Environment.Remove("AWS_PROFILE");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var cancelled = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancelled);
        var error = process.StandardError.ReadToEndAsync(cancelled);
        await process.WaitForExitAsync(cancelled);
        return (process.ExitCode, await output, await error);
    }
}
