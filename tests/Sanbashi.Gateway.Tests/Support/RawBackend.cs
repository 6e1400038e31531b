using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Tests.Support;

/// <summary>An instance that answers with bytes, for answers no server library would give.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private readonly Func<RawBackendConnection, Task> _behave;

    private RawBackend(Func<RawBackendConnection, Task> behave)
    {
        _behave = behave;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = Accept();
    }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Connections that were made so far.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Answers each request with these bytes and keeps the connection.</summary>
    public static Task<RawBackend> Start(string answer) => Start(async connection =>
    {
        while (await connection.ReadHead() is not null)
        {
            await connection.Send(answer);
        }
    });

    public static Task<RawBackend> Start(Func<RawBackendConnection, Task> behave) => Task.FromResult(new RawBackend(behave));

    public RouteInstance AsInstance() => new(Id, 1, Address);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(Behave(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task Behave(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _behave(new RawBackendConnection(client, _stop.Token));
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The gateway closed, or the test is over.
            }
        }
    }
}

internal sealed class RawBackendConnection(TcpClient client, CancellationToken stop)
{
    public CancellationToken Stop => stop;

    public NetworkStream Stream => client.GetStream();

    /// <summary>Reads up to the end of a request's headers; null when the gateway closed.</summary>
    public async Task<string?> ReadHead()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await Stream.ReadAsync(one, stop) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public async Task Send(string text) => await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop);

    public void Reset() => client.Client.Close(0);
}
