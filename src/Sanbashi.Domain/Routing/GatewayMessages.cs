using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Routing;

/// <summary>
/// The protocol between control plane and gateway: one JSON object per line over a unix socket that the control plane listens on.
/// The gateway opens with <see cref="GatewayHello"/>, is answered by <see cref="ControlPlaneHello"/> and a <see cref="SnapshotMessage"/>, then both sides
/// send what changes. Version N talks to N-1.
/// </summary>
public static class GatewayProtocol
{
    public const int Version = 1;
    public const int OldestUnderstood = 1;
}

/// <summary>Messages that a gateway sends.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(GatewayHello), "hello")]
[JsonDerivedType(typeof(RouteApplied), "applied")]
[JsonDerivedType(typeof(TrafficReport), "traffic")]
[JsonDerivedType(typeof(InstanceEjected), "ejected")]
[JsonDerivedType(typeof(CapacityWanted), "capacity-wanted")]
public abstract record GatewayMessage;

/// <param name="LastSequence">Sequence of the snapshot the gateway serves now; 0 if none.</param>
public sealed record GatewayHello(int Version, string GatewayId, long LastSequence) : GatewayMessage
{
    /// <summary>How long it has been counting; null from a gateway that does not say.</summary>
    public long? AgeMilliseconds { get; init; }
}

/// <summary>From now on no new request goes to an instance that the state at <paramref name="Sequence"/> does not list as serving.</summary>
public sealed record RouteApplied(long Sequence) : GatewayMessage;

/// <summary>
/// What goes through this gateway. Complete for all instances with requests in flight or since the last report, and all services since the gateway's start (cumulative counters);
/// sent every second while something changed, and at once when a draining instance becomes idle.
/// </summary>
public sealed record TrafficReport(IReadOnlyList<InstanceTraffic> Instances, IReadOnlyList<ServiceTraffic> Services) : GatewayMessage;

/// <param name="InFlight">
/// Requests and upgraded connections that this gateway has open on the instance. Zero for one that has had some since the last report and has none now.
/// </param>
public sealed record InstanceTraffic(string InstanceId, int InFlight);

/// <param name="InFlight">Requests and upgraded connections that are open on its instances now.</param>
/// <param name="Waiting">Requests that wait for capacity now.</param>
/// <param name="Highest">The most that were open and waiting together at any moment since the last report.</param>
/// <param name="StatusCounts">Finished requests by status class 1xx..5xx (five numbers), cumulative.</param>
/// <param name="LatencyBuckets">Cumulative counts per bucket of <see cref="LatencyBounds"/> plus one for everything above.</param>
/// <param name="LatencySumSeconds">Sum of all latencies.</param>
public sealed record ServiceTraffic(
    string ServiceId,
    int InFlight,
    int Waiting,
    int Highest,
    IReadOnlyList<long> StatusCounts,
    IReadOnlyList<long> LatencyBuckets,
    double LatencySumSeconds)
{
    /// <summary>The same latencies, cumulative, in the finer buckets of <see cref="LatencyScale"/>; null from a gateway that does not have them.</summary>
    public LatencyCounts? Latencies { get; init; }

    /// <summary>Finished requests that the gateway itself answered with 429, cumulative.</summary>
    public long Refused { get; init; }

    /// <summary>Requests that found every instance asleep, cumulative.</summary>
    public long ColdStarts { get; init; }

    /// <summary>The load of the serving revision, where that is not simply all of it; null: the numbers above.</summary>
    public ServiceLoad? Serving { get; init; }

    /// <summary>The load of the canary; null where there is none.</summary>
    public ServiceLoad? Canary { get; init; }
}

/// <summary>
/// The load of one revision, by which it is scaled. Where streams are limited apart they count as much as they take of an instance's room, so that the number
/// of instances that is needed still is this load divided by the concurrency.
/// </summary>
public sealed record ServiceLoad(int InFlight, int Waiting, int Highest);

public static class LatencyBounds
{
    /// <summary>Upper bounds in seconds.</summary>
    public static IReadOnlyList<double> Seconds { get; } = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
}

/// <summary>The instance refused connections; the gateway sends nothing there until the control plane confirms it again.</summary>
public sealed record InstanceEjected(string ServiceId, string InstanceId, string Reason) : GatewayMessage;

/// <summary>Requests wait and no listed instance has capacity (or none is listed).</summary>
/// <param name="InFlight">What is open on instances at the same moment.</param>
public sealed record CapacityWanted(string ServiceId, int Waiting, int InFlight) : GatewayMessage
{
    /// <summary>As in <see cref="ServiceTraffic.Serving"/>.</summary>
    public ServiceLoad? Serving { get; init; }

    /// <summary>As in <see cref="ServiceTraffic.Canary"/>.</summary>
    public ServiceLoad? Canary { get; init; }
}

/// <summary>Messages that the control plane sends.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ControlPlaneHello), "hello")]
[JsonDerivedType(typeof(SnapshotMessage), "snapshot")]
[JsonDerivedType(typeof(RouteChanged), "route")]
[JsonDerivedType(typeof(RouteRemoved), "route-removed")]
public abstract record ControlPlaneMessage;

public sealed record ControlPlaneHello(int Version) : ControlPlaneMessage;

/// <summary>
/// Replaces everything the gateway knows, except the services in <paramref name="Unsettled"/>: of those the gateway keeps the route it has
/// (the control plane has just started and has not probed their instances yet).
/// </summary>
public sealed record SnapshotMessage(RoutingSnapshot Snapshot, IReadOnlyList<string> Unsettled) : ControlPlaneMessage;

public sealed record RouteChanged(long Sequence, ServiceRoute Route) : ControlPlaneMessage;

public sealed record RouteRemoved(long Sequence, string ServiceId) : ControlPlaneMessage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayMessage))]
[JsonSerializable(typeof(ControlPlaneMessage))]
[JsonSerializable(typeof(RoutingSnapshot))]
public sealed partial class RoutingJsonContext : JsonSerializerContext;
