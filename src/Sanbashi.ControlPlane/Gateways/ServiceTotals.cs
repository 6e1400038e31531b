using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Gateways;

/// <summary>Traffic of one service over all gateways since the control plane's start. Counters only grow, whatever gateways come and go.</summary>
/// <param name="StatusCounts">By status class 1xx..5xx, five numbers.</param>
/// <param name="LatencyBuckets">Counts per bucket of <see cref="LatencyBounds"/> plus one for everything above; each request is in exactly one.</param>
/// <param name="InFlight">Requests on instances now.</param>
/// <param name="Waiting">Requests that wait for capacity now.</param>
public sealed record ServiceTotals(
    string ServiceId,
    IReadOnlyList<long> StatusCounts,
    IReadOnlyList<long> LatencyBuckets,
    double LatencySumSeconds,
    int InFlight,
    int Waiting);
