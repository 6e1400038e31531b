namespace Sanbashi.Gateway.Routing;

internal enum InstanceStanding
{
    /// <summary>Takes new requests.</summary>
    Serving,

    /// <summary>Listed as serving, but it refused a connection; nothing is sent until a route confirms it.</summary>
    Ejected,

    /// <summary>Finishes what it has until its time is over.</summary>
    Draining,

    /// <summary>No longer part of the route; finishes what it has.</summary>
    Gone,
}
