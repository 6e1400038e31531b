using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>The hub's totals as the API and the metrics page read them.</summary>
internal sealed class HubReports(GatewayHub hub) : IGatewayReports
{
    public int GatewayCount => hub.GatewayCount;

    public IReadOnlyList<ServiceTraffic> Traffic() =>
    [
        .. hub.Totals().Select(total => new ServiceTraffic(
            total.ServiceId, total.InFlight, total.Waiting, total.StatusCounts, total.LatencyBuckets, total.LatencySumSeconds)),
    ];
}
