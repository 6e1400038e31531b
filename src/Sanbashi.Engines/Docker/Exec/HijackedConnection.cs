using System.Net;
using System.Net.Sockets;
using System.Text;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Exec;

/// <summary>
/// A connection that stops being HTTP after the answer's head and carries raw bytes both ways. Made by hand: HttpClient's upgraded stream cannot close its
/// sending half, which is how a command learns that its input has ended.
/// </summary>
internal sealed class HijackedConnection : IAsyncDisposable
{
    private const int LargestHead = 16 * 1024;

    private readonly Socket _socket;
    private ReadOnlyMemory<byte> _early;

    private HijackedConnection(Socket socket, ReadOnlyMemory<byte> early) => (_socket, _early) = (socket, early);

    public static async Task<HijackedConnection> Open(EngineAddress address, string operation, string path, byte[] body, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = await address.Connect(cancellationToken).ConfigureAwait(false);
            var head = $"POST {path} HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
            await Send(socket, Encoding.ASCII.GetBytes(head), cancellationToken).ConfigureAwait(false);
            await Send(socket, body, cancellationToken).ConfigureAwait(false);
            var connection = new HijackedConnection(socket, await ReadHead(socket, operation, cancellationToken).ConfigureAwait(false));
            socket = null;
            return connection;
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            throw EngineFailures.Unreachable(address, operation, failure);
        }
        finally
        {
            socket?.Dispose();
        }
    }

    public async ValueTask<int> Read(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_early.Length > 0)
        {
            var length = Math.Min(_early.Length, buffer.Length);
            _early[..length].CopyTo(buffer);
            _early = _early[length..];
            return length;
        }

        return await _socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => Send(_socket, bytes, cancellationToken);

    public void CloseInput() => _socket.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask Send(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>Reads up to the blank line; answers what came after it.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadHead(Socket socket, string operation, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestHead];
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("the engine closed the connection before it answered");
            }

            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var status = StatusOf(Encoding.ASCII.GetString(buffer, 0, end));
                var rest = buffer.AsMemory(end + 4, length - end - 4);
                return status is HttpStatusCode.SwitchingProtocols or HttpStatusCode.OK
                    ? rest
                    : throw new EngineApiException(operation, status, EngineFailures.TextOf(rest.Span, status));
            }

            if (length == buffer.Length)
            {
                throw new IOException($"the engine answered with a head of more than {LargestHead} bytes");
            }
        }
    }

    private static HttpStatusCode StatusOf(string head) =>
        head.Split(' ', 3) is [_, var status, ..] && int.TryParse(status, out var code)
            ? (HttpStatusCode)code
            : throw new IOException("the engine's answer is not HTTP");
}
