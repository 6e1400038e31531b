using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Routing;

/// <summary>A service at one moment, as the request path reads it.</summary>
/// <param name="Route">As the control plane published it.</param>
/// <param name="Instances">Those that take new requests: listed and not ejected.</param>
internal sealed record ServiceView(ServiceRoute Route, Instance[] Instances)
{
    public RouteLimits Limits { get; } = Route.Limits;

    public int MaxConcurrency { get; } = Math.Max(1, Route.Limits.MaxConcurrency);

    /// <summary>Longest wait for capacity. The request's whole time is a bound too: past it, waiting was what took it.</summary>
    public TimeSpan QueueTimeout { get; } = Route.Limits.QueueTimeout < Route.Limits.RequestTimeout ? Route.Limits.QueueTimeout : Route.Limits.RequestTimeout;

    /// <summary>Whether a request without capacity may wait: instances are listed, even if all of them are ejected at the moment.</summary>
    public bool MayWait => Route.Availability == RouteAvailability.Serving && Route.Instances.Count > 0;
}
