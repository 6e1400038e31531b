using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Names;

/// <summary>
/// The name server that instances ask first, on this machine's address in their network. While it is away the kernel says so at once and their resolver
/// asks the next one, so other names do not depend on it.
/// </summary>
internal sealed class NameServer(string domain, TimeProvider time, ILogger<NameServer> logger)
{
    private const int Port = 53;

    /// <summary>IP_FREEBIND: with some engines the address only exists once an instance runs.</summary>
    private const int FreeBind = 15;

    /// <summary>RFC 1035 2.3.4: what a query over UDP may be long, with room for extensions.</summary>
    private const int MaxQuery = 1500;

    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(10);

    public async Task Run(IPAddress address, CancellationToken cancellationToken)
    {
        var answers = new NameAnswers(domain, address);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                socket.SetRawSocketOption(0, FreeBind, BitConverter.GetBytes(1));
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(new IPEndPoint(address, Port));
                NameServerLog.Listens(logger, domain, address);
                await Serve(socket, answers, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException failure)
            {
                NameServerLog.Failed(logger, address, failure.Message);
            }

            await Task.Delay(_retryAfter, time, cancellationToken);
        }
    }

    private static async Task Serve(Socket socket, NameAnswers answers, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxQuery];
        EndPoint anyone = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, cancellationToken);
            if (answers.Answer(buffer.AsSpan(0, received.ReceivedBytes)) is { } answer)
            {
                await socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint, cancellationToken);
            }
        }
    }
}
