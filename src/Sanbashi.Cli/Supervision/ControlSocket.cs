using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>Where commands reach the running supervisor. Who may open the socket may stop the platform: owner and group of the state folder.</summary>
internal sealed class ControlSocket : IDisposable
{
    private readonly EventLoop _loop;
    private readonly Action<ControlClient, string> _request;
    private readonly HashSet<ControlClient> _clients = [];
    private readonly string _path;
    private readonly int _fd;

    public unsafe ControlSocket(string path, EventLoop loop, Action<ControlClient, string> request)
    {
        (_path, _loop, _request) = (path, loop, request);
        File.Delete(path);
        var address = ControlProtocol.Address(path);
        _fd = Descriptors.Check(Posix.socket(Posix.AF_UNIX, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC | Posix.SOCK_NONBLOCK, 0), "Making a socket");
        fixed (byte* start = address)
        {
            Descriptors.Check(Posix.bind(_fd, start, (uint)address.Length), $"Binding {path}");
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        Descriptors.Check(Posix.listen(_fd, SupervisorDefaults.ControlClients), $"Listening on {path}");
        loop.Watch(_fd, Accept);
    }

    public void Dispose()
    {
        foreach (var client in _clients.ToList())
        {
            client.Close();
        }

        _loop.Forget(_fd);
        Descriptors.Close(_fd);
        File.Delete(_path);
    }

    private unsafe void Accept()
    {
        var fd = Posix.accept4(_fd, null, null, Posix.SOCK_CLOEXEC | Posix.SOCK_NONBLOCK);
        if (fd < 0)
        {
            if (Marshal.GetLastPInvokeError() is not (Posix.EAGAIN or Posix.EINTR))
            {
                throw new PosixException($"Accepting on {_path}", Marshal.GetLastPInvokeError());
            }

            return;
        }

        var client = new ControlClient(fd, _loop, closed => _clients.Remove(closed));
        if (_clients.Count >= SupervisorDefaults.ControlClients)
        {
            client.Fail("Too many commands are connected with the supervisor; try again.");
            return;
        }

        _clients.Add(client);
        var reader = new LineReader(fd);
        _loop.Watch(fd, () =>
        {
            if (!reader.Read(line => _request(client, line)))
            {
                client.Close();
            }
        });
    }
}
