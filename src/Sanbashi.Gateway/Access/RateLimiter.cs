using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sanbashi.Gateway.Access;

/// <summary>
/// A bucket for each client address of one service, kept as one number: the moment at which everything the client has sent so far would be due at the
/// permitted rate. A request passes as long as that moment lies no further ahead than the burst allows.
/// </summary>
internal sealed class RateLimiter
{
    /// <summary>All addresses that find no place share this bucket, which no real address has: the first half of ::1:0:0:0:0 is not assigned.</summary>
    private static readonly UInt128 Others = UInt128.One << 64;

    private readonly ConcurrentDictionary<UInt128, StrongBox<long>> _clients = new();
    private long _nextSweep;

    /// <summary>Clients that are known.</summary>
    public int Count => _clients.Count;

    /// <summary>Counts a request. 0 when it may pass, else how long until one may.</summary>
    /// <param name="interval">Ticks for one request at the permitted rate.</param>
    /// <param name="burst">Requests at once.</param>
    /// <param name="second">Ticks of a second.</param>
    public long Take(IPAddress client, long now, long interval, int burst, long second)
    {
        var bucket = BucketOf(KeyOf(client), now, second);
        var tolerance = interval * (burst - 1);
        while (true)
        {
            var due = Volatile.Read(ref bucket.Value);
            var start = Math.Max(due, now);
            var wait = start - now - tolerance;
            if (wait > 0)
            {
                return wait;
            }

            if (Interlocked.CompareExchange(ref bucket.Value, start + interval, due) == due)
            {
                return 0;
            }
        }
    }

    /// <summary>An IPv6 client has a whole /64 to choose addresses from, so that is what counts as one.</summary>
    private static UInt128 KeyOf(IPAddress client)
    {
        Span<byte> bytes = stackalloc byte[16];
        var isVersion6 = client.AddressFamily == AddressFamily.InterNetworkV6;
        (isVersion6 ? client : client.MapToIPv6()).TryWriteBytes(bytes, out _);
        if (isVersion6)
        {
            bytes[8..].Clear();
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private StrongBox<long> BucketOf(UInt128 key, long now, long second)
    {
        if (_clients.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_clients.Count >= GatewayDefaults.RateLimitClients && !Sweep(now, second))
        {
            key = Others;
        }

        return _clients.GetOrAdd(key, static _ => new StrongBox<long>());
    }

    /// <summary>Forgets those whose bucket is full, which is what an unknown one has; at most once in a second. Whether there is room now.</summary>
    private bool Sweep(long now, long second)
    {
        var next = Volatile.Read(ref _nextSweep);
        if (now >= next && Interlocked.CompareExchange(ref _nextSweep, now + second, next) == next)
        {
            foreach (var (key, bucket) in _clients)
            {
                if (Volatile.Read(ref bucket.Value) <= now)
                {
                    _clients.TryRemove(key, out _);
                }
            }
        }

        return _clients.Count < GatewayDefaults.RateLimitClients;
    }
}
