using System.Net;
using System.Net.Sockets;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Where the engine's API listens: a unix socket, or plain TCP.</summary>
internal sealed record EngineAddress
{
    private EngineAddress(string text, EndPoint endPoint)
    {
        Text = text;
        EndPoint = endPoint;
    }

    public string Text { get; }

    public EndPoint EndPoint { get; }

    /// <summary>Whether the engine shares this machine: its process ids and addresses can be used.</summary>
    public bool IsLocal => EndPoint is UnixDomainSocketEndPoint;

    public static EngineAddress Parse(string text)
    {
        if (text.StartsWith('/'))
        {
            return new EngineAddress("unix://" + text, new UnixDomainSocketEndPoint(text));
        }

        if (text.StartsWith("unix://", StringComparison.Ordinal) && text.Length > "unix://".Length)
        {
            return new EngineAddress(text, new UnixDomainSocketEndPoint(text["unix://".Length..]));
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "tcp" or "http" && uri.Port > 0)
        {
            return new EngineAddress(text, new DnsEndPoint(uri.Host, uri.Port));
        }

        throw new ArgumentException($"The engine's address '{text}' is not understood. Give unix:///path/to/docker.sock or tcp://host:port.", nameof(text));
    }

    /// <summary>Opens a connection; the socket is the caller's.</summary>
    public async Task<Socket> Connect(CancellationToken cancellationToken)
    {
        var socket = IsLocal
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(EndPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => Text;
}
