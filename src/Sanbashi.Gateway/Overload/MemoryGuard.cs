using Microsoft.Extensions.Logging;

namespace Sanbashi.Gateway.Overload;

/// <summary>
/// Keeps the process from using up the machine's memory, in this order:
/// <list type="number">
/// <item>from <see cref="GatewayDefaults.ShedAtShare"/> of the ceiling, new requests are answered with 503 and Retry-After, and unused memory is given back;</item>
/// <item>from the ceiling, new connections are closed at once as well;</item>
/// <item>what is already in flight is never cut for it.</item>
/// </list>
/// The memory is looked at by who asks, at most once in <see cref="GatewayDefaults.MemoryCheckInterval"/>: a gateway that rests has no timer for it.
/// </summary>
internal sealed class MemoryGuard(long ceilingBytes, Func<long> usedBytes, TimeProvider timeProvider, ILogger logger)
{
    private readonly long _shedAtBytes = (long)(ceilingBytes * GatewayDefaults.ShedAtShare);
    private readonly long _interval = (long)(GatewayDefaults.MemoryCheckInterval.TotalSeconds * timeProvider.TimestampFrequency);
    private readonly long _collectInterval = (long)(GatewayDefaults.MemoryCollectInterval.TotalSeconds * timeProvider.TimestampFrequency);
    private long _nextLook;
    private long _nextCollection;
    private volatile Level _level;
    private int _isLooking;

    private enum Level
    {
        Normal,
        ShedsRequests,
        RefusesConnections,
    }

    /// <summary>Half of what the machine, or the container that the gateway runs in, has.</summary>
    public static long DefaultCeiling => (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * GatewayDefaults.MemoryCeilingShare);

    /// <param name="now">The moment of asking, in the clock's ticks.</param>
    public bool ShedsRequests(long now) => Look(now) >= Level.ShedsRequests;

    public bool RefusesConnections() => Look(timeProvider.GetTimestamp()) == Level.RefusesConnections;

    private Level Look(long now)
    {
        if (now < Volatile.Read(ref _nextLook) || Interlocked.Exchange(ref _isLooking, 1) == 1)
        {
            return _level;
        }

        Volatile.Write(ref _nextLook, now + _interval);
        var used = usedBytes();
        var level = used >= ceilingBytes ? Level.RefusesConnections : used >= _shedAtBytes ? Level.ShedsRequests : Level.Normal;
        if (level != _level)
        {
            logger.MemoryLevel(level.ToString(), used / MiB, ceilingBytes / MiB);
            _level = level;
        }

        if (level != Level.Normal && now >= _nextCollection)
        {
            // The runtime keeps memory that is free again for as long as the machine has some; asked like this, it returns it. It stops the process for that.
            _nextCollection = now + _collectInterval;
            _ = Task.Run(static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
        }

        Volatile.Write(ref _isLooking, 0);
        return level;
    }

    private const long MiB = 1024 * 1024;
}
