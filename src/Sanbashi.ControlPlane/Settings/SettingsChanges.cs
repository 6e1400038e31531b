using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.ControlPlane.Settings;

/// <summary>Writes changed tags and settings of a service, and starts the deployment that some of them need.</summary>
internal sealed class SettingsChanges(OperationStarter operations, HostClaims claims)
{
    /// <summary>
    /// A setting that applies by deployment starts an UPDATE_SERVICE on a running service, and waits for the next deployment on one that does not run.
    /// While an operation is in progress it is refused; everything else is possible in every state.
    /// </summary>
    public async Task<StartedOperation> Propose(Stored<ServiceRecord> stored, ServiceRecord wanted, CancellationToken cancellationToken)
    {
        var needsDeployment = SettingsResolver.Of(stored.Record).NeedsDeployment(SettingsResolver.Of(wanted));
        if (needsDeployment && stored.Record.Status == ServiceStatus.OperationInProgress)
        {
            ServiceStates.Require(stored.Record, "given settings that need a deployment", ServiceStatus.Running);
        }

        var claimed = await claims.Move(stored.Record, wanted, cancellationToken);
        var started = needsDeployment && stored.Record.Status == ServiceStatus.Running
            ? await operations.BeginDeployment(wanted, stored.Version, OperationType.UpdateService, cancellationToken)
            : new StartedOperation(wanted, null, [ServiceDocuments.Write(wanted, stored.Version)]);
        return started with { Writes = [.. started.Writes, .. claimed] };
    }
}
