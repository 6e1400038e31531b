using System.Runtime.InteropServices;
using System.Text;

namespace Sanbashi.Cli.Native;

/// <summary>Reading, writing and closing plain descriptors.</summary>
internal static unsafe class Descriptors
{
    /// <summary>A pipe that no spawned process inherits by accident; the reading end never blocks.</summary>
    public static (int Read, int Write) Pipe()
    {
        var pair = stackalloc int[2];
        Check(Posix.pipe2(pair, Posix.O_CLOEXEC), "Making a pipe");
        SetNonBlocking(pair[0]);
        return (pair[0], pair[1]);
    }

    /// <summary>Two connected stream sockets that no spawned process inherits by accident.</summary>
    public static (int Ours, int Theirs) SocketPair()
    {
        var pair = stackalloc int[2];
        Check(Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC, 0, pair), "Making a socket pair");
        SetNonBlocking(pair[0]);
        return (pair[0], pair[1]);
    }

    /// <summary>Reads what is there. Null: nothing yet. 0: the other end is closed.</summary>
    public static int? Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = Posix.read(fd, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == Posix.EAGAIN)
                {
                    return null;
                }

                if (error != Posix.EINTR)
                {
                    // A reset connection reads as its end: there is nothing more to come from it.
                    return 0;
                }
            }
        }
    }

    /// <summary>Writes all of it; false when the other end is gone or does not read.</summary>
    public static bool Write(int fd, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count;
            fixed (byte* start = bytes)
            {
                count = Posix.write(fd, start, bytes.Length);
            }

            if (count < 0)
            {
                if (Marshal.GetLastPInvokeError() == Posix.EINTR)
                {
                    continue;
                }

                return false;
            }

            bytes = bytes[(int)count..];
        }

        return true;
    }

    public static bool Write(int fd, string text) => Write(fd, Encoding.UTF8.GetBytes(text));

    public static void Close(int fd)
    {
        if (fd >= 0)
        {
            _ = Posix.close(fd);
        }
    }

    /// <summary>Programs that this process starts later do not get the descriptor.</summary>
    public static void KeepFromChildren(int fd) => Check(Posix.fcntl(fd, Posix.F_SETFD, Posix.FD_CLOEXEC), $"Marking descriptor {fd} close-on-exec");

    public static int Check(int result, string attempted) =>
        result >= 0 ? result : throw new PosixException(attempted, Marshal.GetLastPInvokeError());

    private static void SetNonBlocking(int fd)
    {
        const int SetFlags = 4;
        Check(Posix.fcntl(fd, SetFlags, Posix.O_NONBLOCK), $"Marking descriptor {fd} non-blocking");
    }
}
