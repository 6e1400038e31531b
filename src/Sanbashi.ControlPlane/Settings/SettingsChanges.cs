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
    /// The share of the canary raised to all of the requests starts one that promotes it. While an operation is in progress both are refused; everything else
    /// is possible in every state.
    /// </summary>
    public async Task<StartedOperation> Propose(Stored<ServiceRecord> stored, ServiceRecord wanted, CancellationToken cancellationToken)
    {
        var (before, after) = (SettingsResolver.Of(stored.Record), SettingsResolver.Of(wanted));
        var needsDeployment = before.NeedsDeployment(after);
        var promotes = wanted.CanaryRevision is not null && after.Effective.PromotesCanaries;
        if (needsDeployment && stored.Record.Status == ServiceStatus.OperationInProgress)
        {
            ServiceStates.Require(stored.Record, "given settings that need a deployment", ServiceStatus.Running);
        }

        if (promotes && stored.Record.Status == ServiceStatus.OperationInProgress && !before.Effective.PromotesCanaries)
        {
            ServiceStates.Require(stored.Record, "given the setting traffic that promotes its canary", ServiceStatus.Running);
        }

        var claimed = await claims.Move(stored.Record, wanted, cancellationToken);
        var started = stored.Record.Status switch
        {
            ServiceStatus.Running when needsDeployment => await operations.BeginDeployment(wanted, stored.Version, OperationType.UpdateService, cancellationToken),
            ServiceStatus.Running when promotes => await operations.BeginPromotion(wanted, stored.Version, cancellationToken),
            ServiceStatus.Paused when promotes => Change(OperationSettlement.PromoteAtRest(wanted), stored.Version),
            _ => Change(wanted, stored.Version),
        };
        return started with { Writes = [.. started.Writes, .. claimed] };
    }

    private static StartedOperation Change(ServiceRecord wanted, long version) => new(wanted, null, [ServiceDocuments.Write(wanted, version)]);
}
