using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.ControlPlane.Networks.Connectors;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Begins operations: what is wanted, the operation that tracks it and the revision it brings live are written together.</summary>
internal sealed class OperationStarter(
    ServiceDocuments documents, AutoScalingConfigurations autoScaling, IServiceSecrets secrets, VpcConnectors connectors, IReadOnlyList<string> allowedHostPaths, IIdGenerator ids, TimeProvider timeProvider)
{
    /// <summary>
    /// Revisions that stay, besides the active one, the canary and the previous one. Ten are promised; the rest is room for those that still drain.
    /// </summary>
    private const int KeptRevisions = 20;

    /// <summary>Operations that stay listed: months of daily deployments.</summary>
    private const int KeptOperations = 200;

    /// <summary>An operation without a new revision.</summary>
    /// <param name="revision">What it brings live; null for pause and delete.</param>
    /// <param name="takesBack">The canary that a rollback takes back.</param>
    public async Task<StartedOperation> Begin(
        ServiceRecord wanted,
        long version,
        OperationType type,
        int? revision,
        CancellationToken cancellationToken,
        bool isRollback = false,
        bool isPromotion = false,
        int? takesBack = null,
        string? refreshReason = null)
    {
        var now = timeProvider.GetUtcNow();
        var operation = new OperationRecord
        {
            Id = ids.NewId(),
            ServiceId = wanted.Id,
            Type = type,
            Status = OperationStatus.InProgress,
            StartedAt = now,
            UpdatedAt = now,
            TargetArn = wanted.Arn,
            Revision = revision,
            IsRollback = isRollback,
            IsPromotion = isPromotion,
            TakesBack = takesBack,
            RefreshReason = refreshReason,
            RefreshPrevious = refreshReason is null ? null : wanted.PreviousRevision,
        };
        var service = wanted with { Status = ServiceStatus.OperationInProgress, OperationId = operation.Id, UpdatedAt = now };
        return new StartedOperation(
            service,
            operation,
            [ServiceDocuments.Write(service, version), ServiceDocuments.Write(service.Scope, operation, 0), .. await RetireOperations(service, cancellationToken)]);
    }

    /// <summary>An operation that makes the next revision from the service's definition and settings.</summary>
    /// <param name="same">The revision whose definition and image it runs; null: the service's definition, and what its image reference means now.</param>
    public async Task<StartedOperation> BeginDeployment(
        ServiceRecord wanted,
        long version,
        OperationType type,
        ScalingLimits limits,
        CancellationToken cancellationToken,
        RevisionRecord? same = null,
        string? refreshReason = null)
    {
        CheckSettings(wanted);
        var number = wanted.LastRevision + 1;
        var revision = new RevisionRecord
        {
            ServiceId = wanted.Id,
            Number = number,
            CreatedAt = timeProvider.GetUtcNow(),
            Definition = same?.Definition ?? wanted.Definition,
            Scaling = limits,
            Settings = SettingsResolver.Of(wanted).Effective,
            ImageOf = same?.Number,
            Network = same is null ? await connectors.Attachment(wanted.Scope, wanted.Definition.Network, cancellationToken) : same.Network,
        };
        var started = await Begin(wanted with { LastRevision = number }, version, type, number, cancellationToken, refreshReason: refreshReason);
        return started with
        {
            Writes = [.. started.Writes, ServiceDocuments.Write(wanted.Scope, revision, 0), .. await RetireRevisions(wanted, cancellationToken)],
        };
    }

    /// <summary>A deployment of the definition as it stands.</summary>
    public async Task<StartedOperation> BeginDeployment(ServiceRecord wanted, long version, OperationType type, CancellationToken cancellationToken) =>
        await BeginDeployment(wanted, version, type, await Limits(wanted, cancellationToken), cancellationToken);

    /// <summary>
    /// The revision that was paused comes back. If settings that apply by deployment have changed meanwhile, a new one with the same image comes instead:
    /// whoever reads the settings of a running service must be able to believe them.
    /// </summary>
    public async Task<StartedOperation> BeginResume(ServiceRecord paused, long version, CancellationToken cancellationToken)
    {
        var active = paused.ActiveRevision is { } number ? await documents.FindRevision(paused, number, cancellationToken) : null;
        return active is null || (SettingsResolver.Of(paused).Effective.DeploysAs(active.Record.Settings) && await HasSameSecrets(paused, active.Record, cancellationToken))
            ? await Begin(paused, version, OperationType.ResumeService, paused.ActiveRevision, cancellationToken)
            : await BeginDeployment(paused, version, OperationType.ResumeService, active.Record.Scaling, cancellationToken, same: active.Record);
    }

    /// <summary>What runs, with the same image and what its secrets are now.</summary>
    /// <param name="reason">Why, as a sentence without its full stop.</param>
    public Task<StartedOperation> BeginRefresh(ServiceRecord wanted, long version, RevisionRecord active, string reason, CancellationToken cancellationToken) =>
        BeginDeployment(wanted, version, OperationType.StartDeployment, active.Scaling, cancellationToken, same: active, refreshReason: reason);

    /// <summary>The canary gets all requests, once as many of its instances are healthy as that needs.</summary>
    public Task<StartedOperation> BeginPromotion(ServiceRecord wanted, long version, CancellationToken cancellationToken) =>
        Begin(wanted, version, OperationType.UpdateService, wanted.CanaryRevision, cancellationToken, isPromotion: true);

    /// <summary>The canary goes, and the active revision has all requests again.</summary>
    public async Task<StartedOperation> BeginTakeBack(ServiceRecord stored, long version, CancellationToken cancellationToken)
    {
        var active = stored.ActiveRevision is { } number ? await documents.FindRevision(stored, number, cancellationToken) : null;
        var wanted = stored with { CanaryRevision = null, CanarySince = null, Definition = active?.Record.Definition ?? stored.Definition };
        return await Begin(wanted, version, OperationType.UpdateService, null, cancellationToken, isRollback: true, takesBack: stored.CanaryRevision);
    }

    /// <summary>
    /// A revision that has been live comes back: itself, with the instances that it still has; or, when its secrets have other values by now, a new one with the same image,
    /// since instances that run with old credentials may be refused by whatever these are for.
    /// </summary>
    public async Task<StartedOperation> BeginRollback(ServiceRecord wanted, long version, RevisionRecord previous, CancellationToken cancellationToken) =>
        await HasSameSecrets(wanted, previous, cancellationToken)
            ? await Begin(wanted, version, OperationType.UpdateService, previous.Number, cancellationToken, isRollback: true)
            : await BeginDeployment(wanted, version, OperationType.UpdateService, previous.Scaling, cancellationToken, same: previous);

    /// <summary>False too when they can't be read: then it is the deployment that says why.</summary>
    private async Task<bool> HasSameSecrets(ServiceRecord service, RevisionRecord revision, CancellationToken cancellationToken)
    {
        if (revision.Secrets.Count == 0)
        {
            return true;
        }

        try
        {
            var now = await secrets.Resolve(service, revision.Definition, cancellationToken);
            return now.Count == revision.Secrets.Count && now.All(secret => revision.Secrets.GetValueOrDefault(secret.Key) == secret.Value);
        }
        catch (ServiceSecretException)
        {
            return false;
        }
    }

    /// <summary>
    /// The numbers of the service's auto scaling configuration. A configuration that a rollback has brought back may have been deleted meanwhile;
    /// the revision that used it still knows them.
    /// </summary>
    private async Task<ScalingLimits> Limits(ServiceRecord service, CancellationToken cancellationToken)
    {
        var arn = service.Definition.AutoScalingConfigurationArn;
        if (await autoScaling.Find(service.Scope, AutoScalingArn.Parse(arn), cancellationToken) is { } found)
        {
            return found.Record.Limits;
        }

        var revisions = await documents.ListRevisions(service, cancellationToken);
        return revisions.FirstOrDefault(revision => revision.Record.Definition.AutoScalingConfigurationArn == arn)?.Record.Scaling
            ?? throw ApiErrors.InvalidRequest($"{AutoScalingConfigurations.DeletedText}: {arn}. Give the service another one with UpdateService.");
    }

    /// <summary>Settings were checked when they were set; the host folders that the operator allows may have changed since.</summary>
    private void CheckSettings(ServiceRecord service)
    {
        var problem = SettingsValidator.ProblemOfTags(service.Tags, allowedHostPaths)
            ?? service.Settings.Select(setting => SettingsValidator.Problem(setting.Key, setting.Value, allowedHostPaths)).FirstOrDefault(found => found is not null);
        if (problem is not null)
        {
            throw ApiErrors.InvalidRequest($"Service {service.Name} can't be deployed with its settings. {problem}");
        }
    }

    private async Task<IEnumerable<DocumentWrite>> RetireRevisions(ServiceRecord service, CancellationToken cancellationToken)
    {
        if (service.LastRevision < KeptRevisions)
        {
            return [];
        }

        var revisions = await documents.ListRevisions(service, cancellationToken);
        return revisions
            .Skip(KeptRevisions)
            .Select(revision => revision.Record.Number)
            .Where(number => number != service.ActiveRevision && number != service.CanaryRevision && number != service.PreviousRevision)
            .Select(number => new DocumentWrite(ServiceDocuments.RevisionKey(service.Scope, service.Id, number), null, null));
    }

    private async Task<IEnumerable<DocumentWrite>> RetireOperations(ServiceRecord service, CancellationToken cancellationToken)
    {
        var operations = await documents.ListOperations(service, null, KeptOperations + 10, cancellationToken);
        return operations
            .Skip(KeptOperations)
            .Select(operation => ServiceDocuments.Delete(ServiceDocuments.OperationKind, service.Scope, operation.Record.Id));
    }
}
