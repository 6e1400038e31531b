using System.ComponentModel;
using System.Diagnostics;

namespace Sanbashi.Cli.Installing;

/// <summary>Runs a program of the system.</summary>
internal static class Tool
{
    /// <exception cref="CliException">It is not there or failed; the message carries what it printed.</exception>
    public static async Task Run(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var command = $"{program} {string.Join(' ', arguments)}";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new CliException(ExitCodes.Failed, $"'{command}' ended with {process.ExitCode}: {(await error + await output).Trim()}");
            }
        }
        catch (Win32Exception failure)
        {
            throw new CliException(ExitCodes.Failed, $"'{command}' could not be run: {failure.Message}.", failure);
        }
    }
}
