using Sanbashi.ControlPlane.Metrics;
using Sanbashi.Domain.Routing;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class FakeGateways : IGatewayReports
{
    public int GatewayCount { get; set; } = 1;

    public List<ServiceTraffic> Reports { get; } = [];

    public IReadOnlyList<ServiceTraffic> Traffic() => Reports;
}
