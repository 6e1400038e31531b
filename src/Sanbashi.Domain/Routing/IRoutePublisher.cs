using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Routing;

/// <summary>The control plane's view of all gateways: where it says what to route and hears what goes through.</summary>
public interface IRoutePublisher
{
    /// <summary>Publishes the route and completes when every connected gateway serves it (at once where none is connected: a gateway that comes later starts from it).</summary>
    Task Publish(ServiceRoute route, CancellationToken cancellationToken);

    Task Remove(string serviceId, CancellationToken cancellationToken);

    /// <summary>
    /// Requests in flight on the instance, summed over all gateways; null while that is not known: no gateway is connected, one has not reported since it
    /// connected, or one that was lost may still serve and come back.
    /// </summary>
    int? InFlight(string instanceId);

    /// <summary>The load of the service's serving revision over all gateways.</summary>
    ServiceDemand Demand(string serviceId);

    /// <summary>The load of its canary over all gateways.</summary>
    ServiceDemand CanaryDemand(string serviceId);

    /// <summary>When a gateway last said that the instance has, or just had, a request; null if none ever did.</summary>
    DateTimeOffset? LastUsed(string instanceId);

    /// <summary>Raised with the service id when something a planner may act on was reported: a draining instance is idle, an instance was ejected, capacity is wanted, the load is higher than it was.</summary>
    event Action<string>? ServiceSignalled;

    /// <summary>Instances of this service that some gateway has ejected since their last confirmation by a published route.</summary>
    IReadOnlyCollection<string> Ejected(string serviceId);
}
