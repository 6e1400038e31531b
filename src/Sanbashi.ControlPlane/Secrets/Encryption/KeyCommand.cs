using System.Diagnostics;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Asks a command for the keys, such as one that reads them from a password store or a hardware module.</summary>
internal static class KeyCommand
{
    /// <summary>A command that asks a person would wait for ever: nobody sits at the control plane.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidDataException">It failed or took too long.</exception>
    public static string Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            throw Failed($"did not end within {_limit.TotalSeconds:0} s");
        }

        return process.ExitCode == 0 ? output.GetAwaiter().GetResult() : throw Failed($"ended with {process.ExitCode}");
    }

    private static InvalidDataException Failed(string what) =>
        new($"The command in ${ControlPlaneOptions.SecretsKeyCommandVariable} {what}. It must print the key of the secrets in base64; what it says on its error output is in the control plane's log.");
}
