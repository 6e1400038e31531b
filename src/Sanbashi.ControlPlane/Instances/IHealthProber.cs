using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>Asks an instance once whether it is well.</summary>
public interface IHealthProber
{
    /// <summary>Never throws for what the instance does; ends within the check's time-out.</summary>
    Task<ProbeResult> Probe(string endpoint, HealthCheck check, InstanceProtocol protocol, CancellationToken cancellationToken);
}
