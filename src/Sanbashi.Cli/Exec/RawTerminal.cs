using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Exec;

/// <summary>The terminal without line editing and signals of its own, so that every key reaches the command at the other end; restored at the end.</summary>
internal sealed unsafe partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int Now = 0;

    // struct termios is 60 bytes in glibc and musl.
    private const int StructureBytes = 128;

    private readonly byte[] _before = new byte[StructureBytes];
    private bool _isRestored;

    public RawTerminal()
    {
        var raw = new byte[StructureBytes];
        fixed (byte* before = _before)
        fixed (byte* modes = raw)
        {
            Descriptors.Check(tcgetattr(StandardInput, before), "Asking for the terminal's modes");
            _before.CopyTo(raw, 0);
            cfmakeraw(modes);
            Descriptors.Check(tcsetattr(StandardInput, Now, modes), "Setting the terminal's modes");
        }
    }

    public static bool IsTerminal(int fd) => Posix.isatty(fd) == 1;

    public void Dispose()
    {
        if (_isRestored)
        {
            return;
        }

        _isRestored = true;
        fixed (byte* before = _before)
        {
            _ = tcsetattr(StandardInput, Now, before);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int fd, byte* modes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int fd, int action, byte* modes);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* modes);
}
