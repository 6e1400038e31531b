using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sanbashi.Cli.Tests.Supervision;

/// <summary>Connects again and again, and counts connections that were refused.</summary>
internal sealed class Visitors : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private long _refused;

    public Visitors(string address) => _work = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Visit(IPEndPoint.Parse(address)))));

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>How often each process (<c>role pid</c>) answered.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = [];

    public static async Task<string> Ask(IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        var buffer = new byte[1024];
        var text = new StringBuilder();
        int count;
        while ((count = await socket.ReceiveAsync(buffer)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString().Split("\r\n\r\n").Last();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task Visit(IPEndPoint endPoint)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Answers.AddOrUpdate(await Ask(endPoint), 1, (_, count) => count + 1);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
            {
                Interlocked.Increment(ref _refused);
            }
            catch (SocketException)
            {
                // A connection that the killed process had accepted is cut; nobody can save that one.
            }
        }
    }
}
