using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Traffic;

/// <summary>Finished requests of one service since the gateway's start.</summary>
internal sealed class ServiceCounters
{
    private static readonly double[] Bounds = [.. LatencyBounds.Seconds];

    private readonly long[] _statusClasses = new long[5];
    private readonly long[] _latencies = new long[Bounds.Length + 1];
    private long _latencySumMicroseconds;

    /// <summary>Finished requests of all classes.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            foreach (ref var count in _statusClasses.AsSpan())
            {
                total += Volatile.Read(ref count);
            }

            return total;
        }
    }

    /// <param name="latency">Time to the last byte; for streams (upgraded connections, event streams, gRPC) to the response headers, because their length is the client's choice.</param>
    public void Finish(int status, TimeSpan latency)
    {
        Interlocked.Increment(ref _statusClasses[Math.Clamp((status / 100) - 1, 0, 4)]);
        Interlocked.Increment(ref _latencies[BucketOf(latency.TotalSeconds)]);
        Interlocked.Add(ref _latencySumMicroseconds, (long)latency.TotalMicroseconds);
    }

    public ServiceTraffic Read(string serviceId, int inFlight, int waiting, int highest) =>
        new(serviceId, inFlight, waiting, Math.Max(highest, inFlight + waiting), Copy(_statusClasses), Copy(_latencies), Interlocked.Read(ref _latencySumMicroseconds) / 1e6);

    private static int BucketOf(double seconds)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        return bucket;
    }

    private static long[] Copy(long[] source)
    {
        var copy = new long[source.Length];
        for (var i = 0; i < source.Length; i++)
        {
            copy[i] = Volatile.Read(ref source[i]);
        }

        return copy;
    }
}
