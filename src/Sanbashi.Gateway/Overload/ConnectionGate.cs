using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sanbashi.Gateway.Overload;

/// <summary>
/// Lets client connections in: no more than one listener may have, no more than the gateway may have, and none while memory is at its ceiling. Others
/// are closed at once, before any TLS handshake. The server's own limit counts each listener for itself.
/// </summary>
internal sealed class ConnectionGate(long maxConnections, long maxListenerConnections, MemoryGuard memory)
{
    private long _open;

    public void Guard(ListenOptions listen)
    {
        var ofListener = new Counter();
        listen.Use(next => connection => Pass(connection, ofListener, next));
    }

    private async Task Pass(ConnectionContext connection, Counter ofListener, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref ofListener.Open) > maxListenerConnections | Interlocked.Increment(ref _open) > maxConnections || memory.RefusesConnections())
            {
                connection.Abort(new ConnectionAbortedException("The gateway takes no more connections on this listener at the moment."));
                return;
            }

            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref ofListener.Open);
            Interlocked.Decrement(ref _open);
        }
    }

    private sealed class Counter
    {
        public long Open;
    }
}
