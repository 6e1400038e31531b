using System.Net.Sockets;
using System.Text;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>A client that speaks bytes.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly List<byte> _received = [];

    public NetworkStream Stream { get; private set; } = null!;

    /// <summary>Everything that has come so far, as Latin-1 text.</summary>
    public string Text => Encoding.Latin1.GetString([.. _received]);

    public static Task<RawConnection> To(TestGateway gateway) => To(gateway.Address);

    public static async Task<RawConnection> To(Uri address)
    {
        var connection = new RawConnection();
        connection._client.NoDelay = true;
        await connection._client.ConnectAsync(address.Host, address.Port);
        connection.Stream = connection._client.GetStream();
        return connection;
    }

    public Task Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public async Task Send(byte[] bytes) => await Stream.WriteAsync(bytes).AsTask().InTime();

    /// <summary>Reads until the text has arrived and returns everything.</summary>
    public async Task<string> ReadUntil(string text)
    {
        while (!Text.Contains(text, StringComparison.Ordinal))
        {
            if (!await ReadSome())
            {
                throw new IOException($"Closed before \"{text}\" came. Received: {Text}");
            }
        }

        return Text;
    }

    /// <summary>Reads until the other side closes and returns everything.</summary>
    public async Task<string> ReadToEnd()
    {
        while (await ReadSome())
        {
        }

        return Text;
    }

    public async Task<byte[]> ReadExactly(int count)
    {
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes).AsTask().InTime();
        return bytes;
    }

    public void HalfClose() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset, as a crashed client does.</summary>
    public void Reset()
    {
        _client.Client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReadSome()
    {
        var buffer = new byte[4096];
        int count;
        try
        {
            count = await Stream.ReadAsync(buffer).AsTask().InTime();
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Closed with bytes of ours that nobody read.
            return false;
        }

        _received.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }
}
