using System.Globalization;
using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>How to start one of the platform's processes.</summary>
/// <param name="Name">The hidden command, and the process's name in messages: <c>control-plane</c> or <c>gateway</c>.</param>
/// <param name="Sockets">Listening sockets with the option that names them to the child, for example <c>--http-fd</c>.</param>
internal sealed record ChildRecipe(
    string Name, IReadOnlyList<string> Arguments, IReadOnlyList<(string Option, ListenSocket Socket)> Sockets, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>Carries the number of the descriptor by which a child talks with its supervisor.</summary>
    public const string LinkVariable = "SANBASHI_LINK_FD";

    public ChildProcess Start(string executable, DateTimeOffset now)
    {
        var (outputRead, outputWrite) = Descriptors.Pipe();
        var (link, childLink) = Descriptors.SocketPair();
        try
        {
            var environment = new Dictionary<string, string?>(Environment) { [LinkVariable] = childLink.ToString(CultureInfo.InvariantCulture) };
            var arguments = new List<string> { Name };
            arguments.AddRange(Arguments);
            foreach (var (option, socket) in Sockets)
            {
                arguments.AddRange([option, socket.Fd.ToString(CultureInfo.InvariantCulture)]);
            }

            var pid = Spawn.Start(new SpawnOptions(
                executable, arguments, environment, [childLink, .. Sockets.Select(socket => socket.Socket.Fd)], outputWrite, OwnSession: false));
            var endFd = Descriptors.Check((int)Posix.syscall(Posix.SYS_pidfd_open, pid, 0), $"Watching process {pid} (pidfd_open, Linux 5.3)");
            return new ChildProcess(pid, endFd, outputRead, link, now);
        }
        catch
        {
            Descriptors.Close(outputRead);
            Descriptors.Close(link);
            throw;
        }
        finally
        {
            Descriptors.Close(outputWrite);
            Descriptors.Close(childLink);
        }
    }
}
