using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every structure here is plain memory, so ahead-of-time compiled code can make the calls without the JIT, which the supervisor then never pages in.
[assembly: DisableRuntimeMarshalling]

namespace Sanbashi.Cli.Native;

/// <summary>
/// The few Linux calls that .NET has no managed form of: sockets that are handed to other processes by number, spawning with chosen descriptors,
/// replacing this process, terminal modes. Raw calls also keep the supervisor small: it loads neither the sockets nor the process library.
/// </summary>
internal static unsafe partial class Posix
{
    private const string Libc = "libc";

    internal const int EINTR = 4;
    internal const int EAGAIN = 11;
    internal const int EACCES = 13;
    internal const int EADDRINUSE = 98;

    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;

    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int F_SETFD = 2;
    internal const int FD_CLOEXEC = 1;

    internal const short POLLIN = 1;
    internal const short POLLERR = 8;
    internal const short POLLHUP = 16;

    internal const int WNOHANG = 1;

    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;

    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    internal const short POSIX_SPAWN_SETPGROUP = 2;
    internal const short POSIX_SPAWN_SETSIGDEF = 4;
    internal const short POSIX_SPAWN_SETSIGMASK = 8;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    internal const int SYS_pidfd_open = 434;

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int pipe2(int* pair, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int bind(int fd, byte* address, uint length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int connect(int fd, byte* address, uint length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int listen(int fd, int backlog);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int accept4(int fd, byte* address, uint* length, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int getsockname(int fd, byte* address, uint* length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int setsockopt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint sendto(int fd, byte* buffer, nint length, int flags, byte* address, uint addressLength);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint read(int fd, byte* buffer, nint length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint write(int fd, byte* buffer, nint length);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, int value);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open(string path, int flags, int mode);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int flock(int fd, int operation);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int waitpid(int pid, int* status, int options);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint syscall(nint number, nint first, nint second);

    [LibraryImport(Libc)]
    internal static partial uint geteuid();

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int lchown(string path, int owner, int group);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rename(string from, string to);

    [LibraryImport(Libc)]
    internal static partial int isatty(int fd);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport(Libc)]
    internal static partial int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Libc)]
    internal static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Libc)]
    internal static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Libc)]
    internal static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport(Libc)]
    internal static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(Libc)]
    internal static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Libc)]
    internal static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Libc)]
    internal static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Libc)]
    internal static partial int posix_spawnattr_setsigdefault(void* attributes, void* signals);

    [LibraryImport(Libc)]
    internal static partial int posix_spawnattr_setsigmask(void* attributes, void* signals);

    /// <summary>The text of an error number, as the C library words it.</summary>
    internal static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    internal static string LastError() => Describe(Marshal.GetLastPInvokeError());
}
