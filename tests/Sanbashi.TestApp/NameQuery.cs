using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sanbashi.TestApp;

/// <summary>One question to the first name server of the container (RFC 1035), for an IPv4 address.</summary>
internal static class NameQuery
{
    private const int Port = 53;

    /// <exception cref="SocketException">The name has no address.</exception>
    public static async Task<IPAddress> Resolve(string name, CancellationToken cancellationToken)
    {
        var server = (await File.ReadAllLinesAsync("/etc/resolv.conf", cancellationToken)).First(line => line.StartsWith("nameserver ", StringComparison.Ordinal)).Split(' ')[1];
        byte[] question = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0, 0, 1, 0, 1];
        using var client = new UdpClient(server, Port);
        await client.SendAsync(question, cancellationToken);
        var answer = (await client.ReceiveAsync(cancellationToken)).Buffer;

        // One record, whose last four bytes are the address.
        return answer[7] == 1 ? new IPAddress(answer.AsSpan(answer.Length - 4)) : throw new SocketException((int)SocketError.HostNotFound);
    }
}
