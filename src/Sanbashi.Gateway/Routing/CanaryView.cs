using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Routing;

/// <summary>A service's canary at one moment, as the request path reads it.</summary>
/// <param name="Instances">Those that take new requests: listed and not ejected.</param>
/// <param name="Room">Of each of them.</param>
internal sealed record CanaryView(RouteCanary Route, Instance[] Instances, InstanceRoom Room)
{
    /// <summary>By what a client's cookie says that it belongs here.</summary>
    public string StickyRevision { get; init; } = "";

    /// <summary>By what a client's cookie says that it belongs to the serving revision.</summary>
    public string StickyBeside { get; init; } = "";

    /// <summary>Requests to it wake it.</summary>
    public bool IsAsleep => Route.Availability == RouteAvailability.Asleep;

    /// <summary>Otherwise the serving revision takes its share.</summary>
    public bool MayTake => Instances.Length > 0 || IsAsleep;
}
