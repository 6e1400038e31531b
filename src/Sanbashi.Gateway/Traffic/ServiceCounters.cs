using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Traffic;

/// <summary>Finished requests of one service since the gateway's start.</summary>
internal sealed class ServiceCounters
{
    private readonly long[] _statusClasses = new long[5];

    /// <summary>Made with the first request: most services of a full machine are idle.</summary>
    private long[]? _latencies;
    private long _latencySumMicroseconds;
    private long _refused;
    private long _coldStarts;

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
        var latencies = Volatile.Read(ref _latencies) ?? MakeLatencies();
        Interlocked.Increment(ref latencies[LatencyScale.BucketOf(latency.TotalSeconds)]);
        Interlocked.Add(ref _latencySumMicroseconds, (long)latency.TotalMicroseconds);
    }

    /// <summary>The gateway answers 429 itself.</summary>
    public void Refuse() => Interlocked.Increment(ref _refused);

    /// <summary>A request finds every instance asleep, and waits until one is awake.</summary>
    public void StartCold() => Interlocked.Increment(ref _coldStarts);

    public ServiceTraffic Read(string serviceId, int inFlight, int waiting, int highest)
    {
        var latencies = Volatile.Read(ref _latencies) is { } counted ? Copy(counted) : [];
        return new ServiceTraffic(
            serviceId,
            inFlight,
            waiting,
            Math.Max(highest, inFlight + waiting),
            Copy(_statusClasses),
            LatencyScale.Coarsen(latencies),
            Interlocked.Read(ref _latencySumMicroseconds) / 1e6)
        {
            Latencies = LatencyCounts.Of(latencies),
            Refused = Interlocked.Read(ref _refused),
            ColdStarts = Interlocked.Read(ref _coldStarts),
        };
    }

    private long[] MakeLatencies()
    {
        var made = new long[LatencyScale.Buckets];
        return Interlocked.CompareExchange(ref _latencies, made, null) ?? made;
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
