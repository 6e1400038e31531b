using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sanbashi.Cli.Platform;

/// <summary>The user's own <c>aws</c>.</summary>
internal static partial class AwsProgram
{
    private static readonly TimeSpan _versionTimeout = TimeSpan.FromSeconds(10);

    // The first versions that read AWS_ENDPOINT_URL.
    private static readonly Version _firstWithEndpointV1 = new(1, 29, 0);
    private static readonly Version _firstWithEndpointV2 = new(2, 13, 0);

    /// <summary>The path of the program; null when it is not installed.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, "aws"))
        .FirstOrDefault(File.Exists);

    /// <summary>Its version; null when it does not tell one.</summary>
    public static Version? AskVersion(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(path, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        if (!process.WaitForExit(_versionTimeout))
        {
            process.Kill();
            return null;
        }

        return ParseVersion(text);
    }

    public static Version? ParseVersion(string text) =>
        VersionPattern().Match(text) is { Success: true } match && Version.TryParse(match.Groups[1].Value, out var version) ? version : null;

    /// <summary>Whether it goes where <c>AWS_ENDPOINT_URL</c> says; older ones ignore it and go to AWS.</summary>
    public static bool ReadsEndpointVariable(Version version) => version >= (version.Major < 2 ? _firstWithEndpointV1 : _firstWithEndpointV2);

    [GeneratedRegex(@"aws-cli/(\d+\.\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
