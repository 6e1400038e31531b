using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sanbashi.Storage.Tests.Postgres;

/// <summary>Passes bytes on to the server, and cuts one connection at a given statement: before the server sees it, or after it has answered.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _serverPort;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _accepting;
    private string? _cutAt;
    private bool _isSeenByTheServer;
    private int _cuts;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => _cuts;

    public void CutOnce(string statement, bool isSeenByTheServer)
    {
        _isSeenByTheServer = isSeenByTheServer;
        Volatile.Write(ref _cutAt, statement);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(Pass(await _listener.AcceptTcpClientAsync(_closed.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Pass(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _closed.Token);
                var isCut = new TaskCompletionSource();
                await await Task.WhenAny(PassRequests(client, server, isCut), PassAnswers(server, client, isCut.Task));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One of the two is gone; the other is closed with this connection.
            }
        }
    }

    private async Task PassRequests(TcpClient client, TcpClient server, TaskCompletionSource isCut)
    {
        var buffer = new byte[65536];
        while (await client.GetStream().ReadAsync(buffer, _closed.Token) is var length and > 0)
        {
            var cutAt = Volatile.Read(ref _cutAt);
            if (cutAt is not null
                && Encoding.UTF8.GetString(buffer, 0, length).Contains(cutAt, StringComparison.Ordinal)
                && Interlocked.CompareExchange(ref _cutAt, null, cutAt) == cutAt)
            {
                Interlocked.Increment(ref _cuts);
                if (!_isSeenByTheServer)
                {
                    return;
                }

                isCut.SetResult();
            }

            await server.GetStream().WriteAsync(buffer.AsMemory(0, length), _closed.Token);
        }
    }

    private async Task PassAnswers(TcpClient server, TcpClient client, Task isCut)
    {
        var buffer = new byte[65536];
        while (await server.GetStream().ReadAsync(buffer, _closed.Token) is var length and > 0)
        {
            if (isCut.IsCompleted)
            {
                return;
            }

            await client.GetStream().WriteAsync(buffer.AsMemory(0, length), _closed.Token);
        }
    }
}
