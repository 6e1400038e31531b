using System.CommandLine;
using System.Diagnostics;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi aws</c>: the user's own <c>aws</c>, pointed at the platform by options that every version knows.</summary>
internal static class AwsCommand
{
    public const string Name = "aws";

    public static Command Create()
    {
        var words = new Argument<string[]>("ARGUMENT") { Description = "Everything after 'aws' is passed on.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Name, "Runs your own 'aws' with endpoint, region and credentials set: sanbashi aws apprunner list-services") { words };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((_, _) => Task.FromResult(ExitCodes.Usage));
        return command;
    }

    /// <param name="parsed">The options before <c>aws</c>, which choose the platform.</param>
    /// <param name="arguments">Everything after it, which is not ours to read.</param>
    public static async Task<int> Run(ParseResult parsed, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var aws = AwsProgram.Find()
            ?? throw new CliException(ExitCodes.NotFound, "There is no 'aws' in PATH. Install it (Debian: apt-get install awscli), or use 'sanbashi svc', which needs none.");
        await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
        var start = new ProcessStartInfo(aws, ["--endpoint-url", platform.Endpoint.GetLeftPart(UriPartial.Authority), "--region", platform.Region, .. arguments]);
        foreach (var name in (string[])["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL"])
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = platform.CredentialsPath;

        // Its proxy settings are for the way to AWS.
        start.Environment["NO_PROXY"] = start.Environment["no_proxy"] = "localhost,127.0.0.1";
        using var process = Process.Start(start)!;

        // Ctrl-C reaches it too, and it decides what that means.
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
