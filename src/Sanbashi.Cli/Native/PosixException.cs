namespace Sanbashi.Cli.Native;

/// <summary>The operating system said no; the message carries what was attempted and on what.</summary>
internal sealed class PosixException(string attempted, int error) : Exception($"{attempted}: {Posix.Describe(error)}.")
{
    public int Error { get; } = error;
}
