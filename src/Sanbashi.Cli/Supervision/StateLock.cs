using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>One supervisor per state folder, by a lock that its death releases.</summary>
internal static class StateLock
{
    private const int ReadWriteCreate = 2 | 0x40;

    /// <summary>Takes the lock for as long as this process lives; false when another one has it.</summary>
    public static bool TryTake(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, "run", "supervisor.lock");
        var fd = Descriptors.Check(Posix.open(path, ReadWriteCreate | Posix.O_CLOEXEC, 0b110_000_000), $"Opening {path}");
        if (Posix.flock(fd, Posix.LOCK_EX | Posix.LOCK_NB) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        Descriptors.Close(fd);
        return error == Posix.EAGAIN ? false : throw new PosixException($"Locking {path}", error);
    }
}
