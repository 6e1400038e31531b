using System.Text.Json.Nodes;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Platform;

namespace Sanbashi.Cli.Terminal;

/// <summary>Turns a failure into a message on standard error and an exit code.</summary>
internal static class FailureReport
{
    public static int Write(Exception failure, bool json)
    {
        var (code, message) = Describe(failure);
        if (json)
        {
            Console.Error.WriteLine(new JsonObject { ["error"] = message, ["exitCode"] = code }.ToJsonString(JsonText.Options));
        }
        else
        {
            Console.Error.WriteLine(message);
        }

        return code;
    }

    private static (int Code, string Message) Describe(Exception failure) => failure switch
    {
        CliException known => (known.ExitCode, known.Message),
        AggregateException { InnerExceptions: [var only] } => Describe(only),
        OperationCanceledException => (ExitCodes.Interrupted, "Interrupted."),
        FormatException wrong => (ExitCodes.Usage, wrong.Message),
        FileNotFoundException or DirectoryNotFoundException => (ExitCodes.NotFound, failure.Message),
        UnauthorizedAccessException or PosixException { Error: Posix.EACCES } => (ExitCodes.Denied, failure.Message),
        PosixException or IOException => (ExitCodes.Failed, failure.Message),
        _ => (ExitCodes.Failed, $"This is a mistake in sanbashi {ProductVersion.Text} itself; please report it with these lines:\n{failure}"),
    };
}
