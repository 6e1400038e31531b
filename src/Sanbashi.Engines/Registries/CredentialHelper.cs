using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Sanbashi.Engines.Registries;

/// <summary>Asks a program <c>docker-credential-NAME</c> from the PATH.</summary>
internal static class CredentialHelper
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Null when the helper has none for this registry.</summary>
    /// <exception cref="InvalidOperationException">The helper failed; the message tells how.</exception>
    public static async Task<RegistryCredential?> Get(string helper, string registry, TimeProvider time, CancellationToken cancellationToken)
    {
        var program = "docker-credential-" + helper;
        using var timeout = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, ["get"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            await Tell(process, registry, linked.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(linked.Token).ConfigureAwait(false);
            return Answer(program, process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"the program {program} cannot be started ({failure.Message})", failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            throw new InvalidOperationException($"the program {program} did not end within {Patience.TotalSeconds:0} s");
        }
    }

    private static async Task Tell(Process process, string registry, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(registry.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A helper with one answer for all does not read the question; what it prints decides.
        }
    }

    private static RegistryCredential? Answer(string program, int exitCode, string output, string errors)
    {
        if (exitCode != 0)
        {
            // Helpers print what is wrong to their output; this text is the protocol's word for "none".
            return output.Contains("credentials not found", StringComparison.OrdinalIgnoreCase)
                ? null
                : throw new InvalidOperationException($"the program {program} ended with exit code {exitCode}: {(errors.Length > 0 ? errors : output).Trim()}");
        }

        try
        {
            var answer = JsonSerializer.Deserialize(output, RegistryJson.Default.HelperAnswer);
            return answer is not { Username: { } username, Secret: { } secret } ? null
                : username == "<token>" ? new RegistryCredential("", "", secret)
                : new RegistryCredential(username, secret, null);
        }
        catch (JsonException failure)
        {
            throw new InvalidOperationException($"the program {program} did not answer in JSON", failure);
        }
    }
}
