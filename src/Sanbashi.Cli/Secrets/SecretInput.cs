using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Secrets;

/// <summary>Where a value comes from: a file, the standard input, or a prompt. Never an argument, which everybody on the machine could read.</summary>
internal sealed class SecretInput
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Option<string?> File { get; } = new("--from-file")
    {
        Description = "Take the value from this file, byte by byte. Otherwise it is the standard input without its last line end, or is asked for.",
        HelpName = "FILE",
    };

    /// <summary>Sets <c>SecretString</c>, or <c>SecretBinary</c> for what is no text.</summary>
    public async Task ReadInto(JsonObject input, ParseResult parsed, CancellationToken cancellationToken)
    {
        var bytes = parsed.GetValue(File) is { } path ? await System.IO.File.ReadAllBytesAsync(path, cancellationToken) : await Read(cancellationToken);
        if (bytes.Length == 0)
        {
            throw new CliException(ExitCodes.Usage, "No value was given: type one, send it on the standard input, or name a file with --from-file.");
        }

        try
        {
            input["SecretString"] = _strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            input["SecretBinary"] = Convert.ToBase64String(bytes);
        }
    }

    private static async Task<byte[]> Read(CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected)
        {
            return Encoding.UTF8.GetBytes(Output.Progress.Prompt(new TextPrompt<string>("Value:").Secret(null)));
        }

        using var all = new MemoryStream();
        await using var standardInput = Console.OpenStandardInput();
        await standardInput.CopyToAsync(all, cancellationToken);
        var bytes = all.ToArray();
        return bytes switch
        {
            [.. var value, (byte)'\r', (byte)'\n'] => value,
            [.. var value, (byte)'\n'] => value,
            _ => bytes,
        };
    }
}
