using System.Text;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>Tells systemd how it goes (sd_notify(3)), so that <c>systemctl start</c> returns when the platform answers.</summary>
internal static unsafe class ServiceManager
{
    private const string Variable = "NOTIFY_SOCKET";

    public static bool IsPresent => Environment.GetEnvironmentVariable(Variable) is { Length: > 1 };

    public static void Notify(string state)
    {
        if (!IsPresent)
        {
            return;
        }

        var path = Environment.GetEnvironmentVariable(Variable)!;

        var address = ControlProtocol.Address(path);
        uint length = (uint)address.Length;
        if (path[0] == '@')
        {
            // The abstract name space: a zero byte for the @, and no zero at the end.
            address[2] = 0;
            length--;
        }

        var message = Encoding.UTF8.GetBytes(state);
        var fd = Posix.socket(Posix.AF_UNIX, Posix.SOCK_DGRAM | Posix.SOCK_CLOEXEC, 0);
        fixed (byte* target = address)
        fixed (byte* start = message)
        {
            _ = Posix.sendto(fd, start, message.Length, 0, target, length);
        }

        Descriptors.Close(fd);
    }
}
