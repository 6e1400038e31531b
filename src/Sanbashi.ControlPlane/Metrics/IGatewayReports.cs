using Sanbashi.ControlPlane.Gateways;

namespace Sanbashi.ControlPlane.Metrics;

/// <summary>What goes through the gateways, as they report it.</summary>
public interface IGatewayReports
{
    /// <summary>Gateways that are connected now.</summary>
    int GatewayCount { get; }

    /// <summary>One entry per service, summed over the gateways. Counters only grow, also when a gateway is replaced.</summary>
    IReadOnlyList<ServiceTotals> Totals();
}
