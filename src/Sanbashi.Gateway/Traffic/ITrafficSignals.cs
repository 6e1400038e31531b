using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Traffic;

/// <summary>What the control plane should hear at once. Called on the request path: must not block.</summary>
internal interface ITrafficSignals
{
    void CapacityWanted(RoutedService service);

    void Ejected(Instance instance, string reason);

    /// <summary>An instance that takes no new requests has finished its last one.</summary>
    void BecameIdle(Instance instance);
}
