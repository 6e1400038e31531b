using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>Tells each instance where its metadata is and, if it has a role, where its credentials and the services of this platform are.</summary>
internal sealed class InstanceVariables(IContainerEngine engine, InstanceTokens tokens) : IInstanceVariables
{
    /// <summary>The ids of the services that the API serves; set before the first instance is made.</summary>
    public IReadOnlyList<string> ServiceIds { get; set; } = [];

    public async Task<IReadOnlyDictionary<string, string>?> Of(ServiceRecord service, RevisionRecord revision, string instanceId, CancellationToken cancellationToken)
    {
        // The network of a VPC lets nothing to this machine.
        if (revision.Network is not null || !await engine.HasInstanceEndpoint(cancellationToken))
        {
            return null;
        }

        var metadata = PlatformVariables.Metadata(tokens.ForMetadata(instanceId));
        return revision.Definition.InstanceRoleArn is null
            ? metadata
            : metadata.Concat(PlatformVariables.Credentials(tokens.ForCredentials(instanceId), service.Scope.Region, ServiceIds)).ToDictionary();
    }
}
