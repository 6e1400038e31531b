using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Metrics;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class FakeGateways : IGatewayReports
{
    public int GatewayCount { get; set; } = 1;

    public List<ServiceTotals> Reports { get; } = [];

    public IReadOnlyList<ServiceTotals> Totals() => Reports;
}
