namespace Sanbashi.Cli;

/// <summary>A failure that a person can act on; the message says what was attempted, on what, what was found, what to do next.</summary>
internal sealed class CliException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
