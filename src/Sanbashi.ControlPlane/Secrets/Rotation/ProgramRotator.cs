using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>
/// A program of the operator's: gets each step on its standard input, with the event that AWS gives its functions and the values, so that it needs no credentials; prints
/// the new value in the first step; ends with 0 when the step is done. Its error output goes into the control plane's log.
/// </summary>
internal sealed class ProgramRotator(string path) : IRotator
{
    public TimeSpan Limit { get; } = TimeSpan.FromMinutes(15);

    public async Task<SecretValue?> Take(RotationStep step, RotationCase rotation, CancellationToken cancellationToken)
    {
        var document = RotationEvent.Of(step, rotation);
        foreach (var (name, value) in new[] { ("CurrentSecretString", rotation.Current), ("PreviousSecretString", rotation.Previous), ("PendingSecretString", rotation.Pending) })
        {
            document[name] = value is { IsBinary: false } ? value.Text : null;
        }

        using var process = Start();
        using var stop = cancellationToken.Register(static process => Kill((Process)process!), process);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(RotationEvent.Bytes(document), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read: it may know all it needs.
        }

        var text = (await output).TrimEnd('\r', '\n');
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new RotationException($"The rotator {path} ended with {process.ExitCode} in the step {RotationEvent.Name(step)}; what it said is in the control plane's log.");
        }

        return step == RotationStep.CreateSecret && text.Length > 0 ? SecretValue.OfText(text) : null;
    }

    private Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo(path)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            })!;
        }
        catch (Win32Exception failure)
        {
            throw new RotationException($"The rotator {path} can't be started: {failure.Message}. It must be there and executable.", failure);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
    }
}
