using System.Runtime.InteropServices;
using System.Text;

namespace Sanbashi.Cli.Native;

/// <summary>What a spawned process gets from this one.</summary>
/// <param name="Inherited">Descriptors it keeps under the same number; everything else of ours is closed for it.</param>
/// <param name="Output">Becomes its standard output and error.</param>
/// <param name="OwnSession">Detached from the terminal altogether; otherwise only its own process group, so that Ctrl-C reaches the parent alone.</param>
internal sealed record SpawnOptions(
    string Path,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string?> Environment,
    IReadOnlyList<int> Inherited,
    int Output,
    bool OwnSession);

/// <summary>Starts programs with chosen descriptors, and replaces this one.</summary>
internal static unsafe class Spawn
{
    // posix_spawn_file_actions_t and posix_spawnattr_t are 80 and 336 bytes in glibc, less in musl; sigset_t is 128.
    private const int StructureBytes = 512;

    /// <summary>Starts the program; answers its process id.</summary>
    public static int Start(SpawnOptions options)
    {
        var actions = stackalloc byte[StructureBytes];
        var attributes = stackalloc byte[StructureBytes];
        var noSignals = stackalloc byte[128];
        var allSignals = stackalloc byte[128];
        new Span<byte>(noSignals, 128).Clear();
        new Span<byte>(allSignals, 128).Fill(0xff);

        Posix.posix_spawn_file_actions_init(actions);
        Posix.posix_spawnattr_init(attributes);
        using var arguments = new CStrings([options.Path, .. options.Arguments]);
        using var environment = CStrings.Environment(options.Environment);
        try
        {
            fixed (byte* nothing = "/dev/null\0"u8)
            fixed (byte* path = Encoding.UTF8.GetBytes(options.Path + '\0'))
            {
                Posix.posix_spawn_file_actions_addopen(actions, 0, nothing, 0, 0);
                Posix.posix_spawn_file_actions_adddup2(actions, options.Output, 1);
                Posix.posix_spawn_file_actions_adddup2(actions, options.Output, 2);
                foreach (var fd in options.Inherited)
                {
                    // A dup2 onto itself clears close-on-exec in the new process only (POSIX.1-2024, glibc since 2.29).
                    Posix.posix_spawn_file_actions_adddup2(actions, fd, fd);
                }

                // .NET ignores SIGPIPE and blocks nothing; the new process starts from the system's defaults all the same.
                Posix.posix_spawnattr_setsigdefault(attributes, allSignals);
                Posix.posix_spawnattr_setsigmask(attributes, noSignals);
                Posix.posix_spawnattr_setflags(
                    attributes,
                    (short)(Posix.POSIX_SPAWN_SETSIGDEF | Posix.POSIX_SPAWN_SETSIGMASK
                        | (options.OwnSession ? Posix.POSIX_SPAWN_SETSID : Posix.POSIX_SPAWN_SETPGROUP)));

                int pid;
                var error = Posix.posix_spawn(&pid, path, actions, attributes, arguments.Pointer, environment.Pointer);
                return error == 0 ? pid : throw new PosixException($"Starting {options.Path}", error);
            }
        }
        finally
        {
            Posix.posix_spawnattr_destroy(attributes);
            Posix.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Becomes another program under the same process id; returns only by throwing.</summary>
    public static void Replace(string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        using var argumentPointers = new CStrings([path, .. arguments]);
        using var environmentPointers = CStrings.Environment(environment);
        fixed (byte* pathPointer = Encoding.UTF8.GetBytes(path + '\0'))
        {
            _ = Posix.execve(pathPointer, argumentPointers.Pointer, environmentPointers.Pointer);
        }

        throw new PosixException($"Starting {path}", Marshal.GetLastPInvokeError());
    }
}
