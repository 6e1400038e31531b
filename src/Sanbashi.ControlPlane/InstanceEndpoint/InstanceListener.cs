using System.Net;
using System.Net.Sockets;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>The port that the endpoint of instances has: taken before the engine's rules name it, listened on when there is something to answer.</summary>
internal sealed class InstanceListener : IDisposable
{
    private InstanceListener(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    public int Port => ((IPEndPoint)Socket.LocalEndPoint!).Port;

    public static InstanceListener Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new InstanceListener(socket);
    }

    public void Dispose() => Socket.Dispose();
}
