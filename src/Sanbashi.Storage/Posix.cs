using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sanbashi.Storage;

/// <summary>The few system calls that .NET does not offer.</summary>
internal static class Posix
{
    private const int ReadWrite = 2;
    private const int LockExclusive = 2;
    private const int LockWithoutWaiting = 4;
    private const int Interrupted = 4;

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Opens an existing file without the lock that .NET takes on every file it opens.</summary>
    public static SafeFileHandle OpenUnlocked(string path)
    {
        var descriptor = Open(path, ReadWrite | CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure($"Cannot open {path}");
    }

    /// <summary>False: another one has the lock.</summary>
    public static bool TryLock(SafeFileHandle file)
    {
        while (Flock(file, LockExclusive | LockWithoutWaiting) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
            {
                return false;
            }

            if (error != Interrupted)
            {
                throw Failure("Cannot lock the file");
            }
        }

        return true;
    }

    /// <summary>Blocks the thread until the lock is free.</summary>
    public static void Lock(SafeFileHandle file)
    {
        while (Flock(file, LockExclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw Failure("Cannot lock the file");
            }
        }
    }

    /// <summary>A rename is on disk once its folder is, and .NET opens no folders.</summary>
    public static void SyncFolder(string folder)
    {
        var descriptor = Open(folder, CloseOnExec);
        if (descriptor < 0)
        {
            throw Failure($"Cannot open the folder {folder}");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Fsync(handle) != 0)
        {
            throw Failure($"Cannot write the folder {folder} to disk");
        }
    }

    private static IOException Failure(string attempted) => new($"{attempted}: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static extern int Flock(SafeFileHandle file, int operation);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(SafeFileHandle file);
}
