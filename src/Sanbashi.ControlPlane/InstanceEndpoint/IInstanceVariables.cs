using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>What the platform tells instances in their variables.</summary>
public interface IInstanceVariables
{
    /// <returns>Null where instances cannot reach the platform.</returns>
    /// <exception cref="Engines.EngineException">The engine does not answer.</exception>
    Task<IReadOnlyDictionary<string, string>?> Of(ServiceRecord service, RevisionRecord revision, string instanceId, CancellationToken cancellationToken);
}
