using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.Domain.Metrics;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class FakeGateways : IGatewayReports
{
    public int GatewayCount { get; set; } = 1;

    public List<ServiceTotals> Reports { get; } = [];

    public Dictionary<string, TrafficFlow> Flows { get; } = [];

    public Dictionary<string, TrafficLevel> Open { get; } = [];

    public IReadOnlyList<ServiceTotals> Totals() => Reports;

    public IReadOnlyDictionary<string, TrafficFlow> TakeFlows()
    {
        var taken = Flows.ToDictionary();
        Flows.Clear();
        return taken;
    }

    public IReadOnlyDictionary<string, TrafficLevel> Levels() => Open;
}
