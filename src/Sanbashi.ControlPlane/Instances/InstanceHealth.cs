using Sanbashi.Domain.Instances;

namespace Sanbashi.ControlPlane.Instances;

/// <param name="LastProbeAt">Null before the first.</param>
/// <param name="OtherPorts">What listens while the configured port is silent.</param>
public sealed record InstanceHealth(HealthState State, DateTimeOffset? LastProbeAt, IReadOnlyList<int> OtherPorts, DateTimeOffset? OtherPortsSince)
{
    public static InstanceHealth Unknown { get; } = new(HealthState.Unproven, null, [], null);
}
