using System.Net;

namespace Sanbashi.Gateway.Hosting;

public enum ListenerKind
{
    /// <summary>Plain HTTP/1.1.</summary>
    Http,

    /// <summary>TLS with HTTP/2 and HTTP/1.1, chosen by ALPN.</summary>
    Https,

    /// <summary>HTTP/2 without TLS, with prior knowledge. A port of its own, because a port that also speaks HTTP/1.1 would not recognise it.</summary>
    CleartextHttp2,
}

/// <summary>One listening socket: an inherited descriptor or an address to bind.</summary>
public sealed record GatewayListener
{
    private GatewayListener(ListenerKind kind, ulong? handle, IPEndPoint? endPoint)
    {
        Kind = kind;
        Handle = handle;
        EndPoint = endPoint;
    }

    public ListenerKind Kind { get; }

    public ulong? Handle { get; }

    public IPEndPoint? EndPoint { get; }

    /// <summary>A socket that already listens, handed over by number.</summary>
    public static GatewayListener Inherited(ListenerKind kind, ulong descriptor) => new(kind, descriptor, null);

    public static GatewayListener Bind(ListenerKind kind, IPEndPoint endPoint) => new(kind, null, endPoint);
}
