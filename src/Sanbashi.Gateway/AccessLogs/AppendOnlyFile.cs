using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sanbashi.Gateway.AccessLogs;

/// <summary>
/// A file that several processes may append to at once. <see cref="FileStream"/> writes at a position of its own even in append mode, so that two
/// writers would overwrite each other; the operating system's append flag does not.
/// </summary>
internal sealed class AppendOnlyFile : IDisposable
{
    private const int WriteOnly = 0x1;
    private static readonly int Flags = OperatingSystem.IsMacOS()
        ? WriteOnly | 0x200 | 0x8 | 0x1000000
        : WriteOnly | 0x40 | 0x400 | 0x80000;

    private readonly SafeFileHandle _handle;

    public AppendOnlyFile(string path)
    {
        var descriptor = Open(path, Flags, Convert.ToInt32("640", 8));
        if (descriptor < 0)
        {
            throw new IOException($"Opening {path} for appending failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The system ignores the offset for a file opened for appending.</summary>
    public void Append(ReadOnlySpan<byte> data) => RandomAccess.Write(_handle, data, fileOffset: 0);

    public void Dispose() => _handle.Dispose();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);
}
