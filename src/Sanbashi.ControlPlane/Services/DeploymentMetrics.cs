using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sanbashi.Domain.Operations;

namespace Sanbashi.ControlPlane.Services;

/// <summary>Counts what reconcilers do. Instruments of the meter <c>sanbashi.services</c>.</summary>
public sealed class DeploymentMetrics
{
    public const string MeterName = "sanbashi.services";

    private static readonly Meter _meter = new(MeterName);
    private static readonly Counter<long> _operations = _meter.CreateCounter<long>("sanbashi.operation.ended", description: "Operations by type and result");
    private static readonly Counter<long> _withdrawals = _meter.CreateCounter<long>("sanbashi.canary.withdrawn", description: "Canaries that failed and were withdrawn");
    private static readonly Counter<long> _exits = _meter.CreateCounter<long>("sanbashi.instance.ended", description: "Instances that ended by themselves, by reason");

    public void Ended(OperationRecord operation) =>
        _operations.Add(1, new TagList { { "type", operation.Type.ToString() }, { "status", operation.Status.ToString() } });

    public void CanaryWithdrawn() => _withdrawals.Add(1);

    public void InstanceEnded(bool outOfMemory) => _exits.Add(1, new TagList { { "reason", outOfMemory ? "out-of-memory" : "exited" } });
}
