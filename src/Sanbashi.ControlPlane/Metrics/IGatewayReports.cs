using Sanbashi.ControlPlane.Gateways;
using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Metrics;

/// <summary>What goes through the gateways, as they report it.</summary>
public interface IGatewayReports
{
    /// <summary>Gateways that are connected now.</summary>
    int GatewayCount { get; }

    /// <summary>One entry per service, summed over the gateways. Counters only grow, also when a gateway is replaced.</summary>
    IReadOnlyList<ServiceTotals> Totals();

    /// <summary>What went through since the last call, summed over the gateways; only services that had something. For one caller.</summary>
    IReadOnlyDictionary<string, TrafficFlow> TakeFlows();

    /// <summary>What is open and waits now, summed over the gateways; services without any are not in it.</summary>
    IReadOnlyDictionary<string, TrafficLevel> Levels();
}
