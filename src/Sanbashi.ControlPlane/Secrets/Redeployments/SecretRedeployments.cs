using System.Collections.Concurrent;
using Sanbashi.ControlPlane.Parameters;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Redeployments;

/// <summary>
/// Deploys services anew, beside what runs and with the same image, when a secret or parameter that they read has another value. Each pass compares what runs with what
/// is in the store, whatever has happened in between.
/// </summary>
internal sealed class SecretRedeployments(
    ServiceDocuments documents, IServiceSecrets secrets, OperationStarter operations, IServiceReconcilers reconcilers, IServiceLog log, TimeProvider timeProvider)
{
    /// <summary>What it looks at: something may have changed, or an operation that stood in the way may have ended.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [SecretDocuments.SecretKind, ParameterDocuments.ParameterKind, ServiceDocuments.ServiceKind];

    /// <summary>What was last said of a service that is not deployed anew, by service: once for the same versions. Services that need nothing are not in it.</summary>
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>All services once; answers when one that failed is due again.</summary>
    public async Task<DateTimeOffset?> Pass(CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var service in await documents.ListServices(null, cancellationToken))
        {
            if (await Look(service, cancellationToken) is { } due)
            {
                next = next < due ? next : due;
            }
        }

        return next;
    }

    private async Task<DateTimeOffset?> Look(Stored<ServiceRecord> stored, CancellationToken cancellationToken)
    {
        var service = stored.Record;
        if (service is not { Status: ServiceStatus.Running, ActiveRevision: { } number }
            || !SettingsResolver.Of(service).Effective.RedeploysForSecrets
            || await documents.FindRevision(service, number, cancellationToken) is not { Record: { Secrets.Count: > 0 } active })
        {
            return null;
        }

        IReadOnlyDictionary<string, PinnedSecret> wanted;
        try
        {
            wanted = await secrets.Pin(service.Scope, active.Definition.Image.EnvironmentSecrets, cancellationToken);
        }
        catch (ServiceSecretException)
        {
            // One of them is gone: no deployment would succeed, and what runs has its values.
            return null;
        }

        var changed = await Changed(service, active, wanted, cancellationToken);
        var isCancelled = service.RefreshAttempt is not null && await IsLastCancelled(service, cancellationToken);
        switch (SecretRefresh.Decide(service.RefreshAttempt, wanted, changed.Count > 0, isCancelled, timeProvider.GetUtcNow()))
        {
            case SecretRefreshDecision.Begin when service.CanaryRevision is not null:
                TellOnce(service, wanted, $"{SecretRefreshWords.Changed(changed)}. The service is deployed with what is new once its canary, revision {service.CanaryRevision}, is promoted or taken back.");
                return null;
            case SecretRefreshDecision.Begin begin:
                await Begin(stored, active, begin.Attempt, changed, cancellationToken);
                return null;
            case SecretRefreshDecision.Wait wait:
                return wait.Until;
            case SecretRefreshDecision.GiveUp giveUp:
                TellOnce(service, wanted, $"{SecretRefreshWords.Changed(changed)}, but the service runs with what it had: {(giveUp.IsCancelled
                    ? "the deployment was cancelled"
                    : $"{SecretRefresh.MostAttempts} deployments failed")}. Deploy it when it can be (StartDeployment, sanbashi svc redeploy).");
                return null;
            default:
                _told.TryRemove(service.Id, out _);
                if (service.RefreshAttempt is not null)
                {
                    // A conflict is looked at by the next pass.
                    await documents.Store.Commit([ServiceDocuments.Write(service with { RefreshAttempt = null }, stored.Version)], cancellationToken);
                }

                return null;
        }
    }

    private async Task Begin(
        Stored<ServiceRecord> stored, RevisionRecord active, RefreshAttempt attempt, IReadOnlyDictionary<string, PinnedSecret> changed, CancellationToken cancellationToken)
    {
        try
        {
            var started = await operations.BeginRefresh(stored.Record with { RefreshAttempt = attempt }, stored.Version, active, SecretRefreshWords.Changed(changed), cancellationToken);
            if (await documents.Store.Commit(started.Writes, cancellationToken) == CommitResult.Committed)
            {
                reconcilers.Signal(stored.Record.Id);
            }
        }
        catch (ApiException refused)
        {
            TellOnce(stored.Record, changed, $"{SecretRefreshWords.Changed(changed)}, but the service cannot be deployed with what is new: {refused.Message}");
        }
    }

    /// <summary>The variables that would have another value: a new version may have the same in the member that a service reads.</summary>
    private async Task<IReadOnlyDictionary<string, PinnedSecret>> Changed(
        ServiceRecord service, RevisionRecord active, IReadOnlyDictionary<string, PinnedSecret> wanted, CancellationToken cancellationToken)
    {
        var changed = new Dictionary<string, PinnedSecret>(StringComparer.Ordinal);
        foreach (var (variable, before) in active.Secrets)
        {
            if (wanted.TryGetValue(variable, out var now) && now != before
                && (await Value(service, variable, before, cancellationToken) is not { } old || old != await Value(service, variable, now, cancellationToken)))
            {
                changed[variable] = now;
            }
        }

        return changed;
    }

    /// <summary>Null: it can't be read, and a deployment says why.</summary>
    private async Task<string?> Value(ServiceRecord service, string variable, PinnedSecret pin, CancellationToken cancellationToken)
    {
        try
        {
            return (await secrets.Read(service.Scope, new Dictionary<string, PinnedSecret> { [variable] = pin }, cancellationToken))[variable];
        }
        catch (ServiceSecretException)
        {
            return null;
        }
    }

    private async Task<bool> IsLastCancelled(ServiceRecord service, CancellationToken cancellationToken) =>
        (await documents.ListOperations(service, null, 1, cancellationToken)).FirstOrDefault() is { Record: { RefreshReason: not null, CancelRequested: true, Status: not OperationStatus.Succeeded } };

    private void TellOnce(ServiceRecord service, IReadOnlyDictionary<string, PinnedSecret> wanted, string message)
    {
        var pins = SecretRefresh.Pins(wanted);
        if (_told.GetValueOrDefault(service.Id) != pins)
        {
            _told[service.Id] = pins;
            log.Event(service, message);
        }
    }
}
