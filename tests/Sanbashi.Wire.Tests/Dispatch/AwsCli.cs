using System.Diagnostics;

namespace Sanbashi.Wire.Tests.Dispatch;

/// <summary>Runs the real <c>aws</c>, with nothing of this machine's own configuration.</summary>
internal static class AwsCli
{
    private const string Path = "/usr/bin/aws";

    public static Task<(int ExitCode, string Output, string Error)> Run(Uri endpoint, ApiCredential credential, params string[] arguments) =>
        Run(endpoint, credential, new Dictionary<string, string>(), arguments);

    public static async Task<(int ExitCode, string Output, string Error)> Run(
        Uri endpoint,
        ApiCredential credential,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Path), $"{Path} is not installed");
        var start = new ProcessStartInfo(Path, ["--endpoint-url", endpoint.ToString(), "--region", WireHost.Region, "--output", "json", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["AWS_ACCESS_KEY_ID"] = credential.AccessKeyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = credential.SecretAccessKey;
        start.Environment["AWS_CONFIG_FILE"] = "/dev/null";
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        start.Environment["AWS_MAX_ATTEMPTS"] = "1";
        start.Environment["AWS_PAGER"] = "";
        start.Environment.Remove("AWS_SESSION_TOKEN");
        start.Environment.Remove("AWS_PROFILE");
        if (credential.SessionToken is { } token)
        {
            start.Environment["AWS_SESSION_TOKEN"] = token;
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
