namespace Sanbashi.Gateway.Routing;

/// <summary>How much each instance of a revision takes at once.</summary>
/// <param name="MaxConcurrency">Requests.</param>
/// <param name="MaxStreams">WebSockets and event streams, apart from the requests; null where they count as requests.</param>
internal readonly record struct InstanceRoom(int MaxConcurrency, int? MaxStreams)
{
    /// <summary>The load in requests: divided by <see cref="MaxConcurrency"/> it is the number of instances that is needed.</summary>
    public int Weigh(int requests, int streams) => MaxStreams is { } most
        ? Math.Max(requests, (int)Math.Min((((long)streams * MaxConcurrency) + most - 1) / most, int.MaxValue))
        : requests + streams;
}
