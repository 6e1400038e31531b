using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>A platform that instances cannot reach.</summary>
internal sealed class NoInstanceVariables : IInstanceVariables
{
    public Task<IReadOnlyDictionary<string, string>?> Of(ServiceRecord service, RevisionRecord revision, string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>?>(null);
}
