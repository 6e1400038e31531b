using System.Collections.Concurrent;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services;

/// <summary>
/// Carries out planned actions. Writes to the store are awaited by the loop; what the engine or the gateways do runs beside it, marked busy, and its end
/// is posted back to the loop.
/// </summary>
internal sealed class ServiceActions(ReconcilerDependencies dependencies, ServiceMemory memory, ServiceStory story, Action<Action> post)
{
    /// <summary>How many lines of an ended instance's output go into the event log.</summary>
    private const int LastLines = 20;

    /// <summary>How long a reconciler leaves an engine alone that did not answer.</summary>
    private static readonly TimeSpan _engineRest = TimeSpan.FromSeconds(1);

    /// <summary>Images that cannot be resolved because the engine is away are tried again after this.</summary>
    private static readonly TimeSpan _logDrainLimit = TimeSpan.FromSeconds(2);

    /// <summary>Ended instances whose end was told, until they are removed: a removal that has to be tried again tells nothing twice.</summary>
    private readonly ConcurrentDictionary<string, bool> _reportedEnds = new(StringComparer.Ordinal);

    /// <returns>True when records were written and the plan must be made anew at once.</returns>
    public async Task<bool> Begin(PlannedAction action, Observation observation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case SwitchTraffic change:
                return await Switch(change, observation, now, cancellationToken);
            case BeginCanary canary:
                return await BeginCanary(canary, observation, now, cancellationToken);
            case WithdrawCanary withdrawal:
                return await WithdrawCanary(withdrawal, observation, now, cancellationToken);
            case SettleOperation settlement:
                return await Settle(settlement, observation, now, cancellationToken);
            case RemoveRoute:
                await dependencies.Routes.Remove(observation.Service.Record.Id, cancellationToken);
                return false;
            case Purge:
                return await Forget(observation, cancellationToken);
            case PublishRoute publication:
                _ = Publish(publication, observation, now, cancellationToken);
                return false;
            case PrepareImage preparation:
                memory.ImagePreparation = new ImagePreparation(true, null);
                _ = Prepare(preparation, observation, cancellationToken);
                return false;
            case StartInstance start:
                _ = Start(start, start.InstanceId ?? dependencies.Ids.NewId(), observation, cancellationToken);
                return false;
            case PrepareInstance preparation:
                _ = Prepare(preparation, dependencies.Ids.NewId(), observation, cancellationToken);
                return false;
            case StopInstance stop:
                _ = Stop(stop, observation, cancellationToken);
                return false;
            case FreezeInstance freeze:
                _ = Freeze(freeze, observation, cancellationToken);
                return false;
            case ThawInstance thaw:
                _ = Thaw(thaw, observation, cancellationToken);
                return false;
            case ReleaseImage release:
                _ = Release(release, observation, cancellationToken);
                return false;
            default:
                throw new InvalidOperationException($"The planned action {action.GetType().Name} has nobody to carry it out.");
        }
    }

    private async Task<bool> Switch(SwitchTraffic change, Observation observation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var service = OperationSettlement.Switch(observation.Service.Record, observation.Operation!.Record, change.Revision, now);
        if (await dependencies.Documents.Store.Commit([ServiceDocuments.Write(service, observation.Service.Version)], cancellationToken) == CommitResult.Committed)
        {
            story.Switches(service, observation.Operation!.Record);
        }

        // After a conflict somebody else has written: look again.
        return true;
    }

    private async Task<bool> BeginCanary(BeginCanary begin, Observation observation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var service = OperationSettlement.BeginCanary(observation.Service.Record, begin.Revision, now);
        if (await dependencies.Documents.Store.Commit([ServiceDocuments.Write(service, observation.Service.Version)], cancellationToken) == CommitResult.Committed)
        {
            story.BeginsCanary(service, observation.Operation!.Record, observation.Situation.Settings.NewPercent);
        }

        return true;
    }

    private async Task<bool> WithdrawCanary(WithdrawCanary withdrawal, Observation observation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var service = OperationSettlement.WithdrawCanary(observation.Service.Record, observation.Situation.Revisions, now);
        if (await dependencies.Documents.Store.Commit([ServiceDocuments.Write(service, observation.Service.Version)], cancellationToken) == CommitResult.Committed)
        {
            story.WithdrawsCanary(service, withdrawal.Revision, withdrawal.Reason);
            dependencies.Metrics.CanaryWithdrawn();
        }

        return true;
    }

    private async Task<bool> Settle(SettleOperation settlement, Observation observation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (service, operation) = OperationSettlement.Settle(observation.Situation, settlement, now);
        var writes = new List<DocumentWrite>
        {
            ServiceDocuments.Write(service, observation.Service.Version),
            ServiceDocuments.Write(service.Scope, operation, observation.Operation!.Version),
        };
        if (service.Status == ServiceStatus.Deleted)
        {
            writes.Add(ServiceDocuments.ReleaseHost(service.HostLabel));
            writes.AddRange(HostClaims.Release(service));
        }

        if (await dependencies.Documents.Store.Commit(writes, cancellationToken) == CommitResult.Committed)
        {
            story.Ends(service, operation, operation.Revision is { } number ? observation.Situation.Revisions.GetValueOrDefault(number) : null);
            if (operation.HasEnded)
            {
                dependencies.Metrics.Ended(operation);
            }
        }

        return true;
    }

    private async Task<bool> Forget(Observation observation, CancellationToken cancellationToken)
    {
        var service = observation.Service.Record;
        var writes = new List<DocumentWrite> { ServiceDocuments.Delete(ServiceDocuments.ServiceKind, service.Scope, service.Id) };
        foreach (var revision in await dependencies.Documents.ListRevisions(service, cancellationToken))
        {
            writes.Add(new DocumentWrite(ServiceDocuments.RevisionKey(service.Scope, service.Id, revision.Record.Number), null, null));
        }

        foreach (var operation in await dependencies.Documents.ListOperations(service, null, null, cancellationToken))
        {
            writes.Add(ServiceDocuments.Delete(ServiceDocuments.OperationKind, service.Scope, operation.Record.Id));
        }

        await dependencies.Documents.Store.Commit(writes, cancellationToken);
        return true;
    }

    private async Task Publish(PublishRoute publication, Observation observation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        memory.IsPublishing = true;
        foreach (var draining in publication.Route.Draining)
        {
            memory.DrainingSince.TryAdd(draining.InstanceId, now);
        }

        // If it fails, nobody knows which route the gateways have.
        ServiceRoute? applied = null;
        await Guard("publishing the route", observation, null, async () =>
        {
            await dependencies.Routes.Publish(publication.Route, cancellationToken);
            applied = publication.Route;
        }, cancellationToken);
        post(() =>
        {
            memory.IsPublishing = false;
            memory.AppliedRoute = applied;
            foreach (var serving in publication.Route.Instances.Concat(publication.Route.Canary?.Instances ?? []))
            {
                memory.DrainingSince.Remove(serving.InstanceId);
            }
        });
    }

    private async Task Prepare(PrepareImage preparation, Observation observation, CancellationToken cancellationToken)
    {
        var service = observation.Service.Record;
        var operation = observation.Operation!.Record;
        var revision = observation.Situation.Revisions[preparation.Revision];
        var outcome = ImagePreparation.NotStarted;
        var known = revision.ImageOf is { } other ? observation.Situation.Revisions.GetValueOrDefault(other)?.Image : null;
        await Guard("preparing the image", observation, null, async () =>
        {
            try
            {
                if (known is not null)
                {
                    await dependencies.Holds.Hold(service.Id, revision.Number, known.ImageId, cancellationToken);
                    var prepared = revision with { Image = known, Secrets = await PinSecrets(service, revision, cancellationToken) };
                    await dependencies.Documents.Store.Commit([ServiceDocuments.Write(service.Scope, prepared, null)], cancellationToken);
                    return;
                }

                var secrets = await PinSecrets(service, revision, cancellationToken);
                story.PullsImage(service, operation, revision);
                var progress = new InlineProgress<ImageProgress>(step => story.ImageProgress(service, operation, step));
                var image = await dependencies.Engine.ResolveImage(revision.Definition.Image.Identifier, progress, cancellationToken);
                await dependencies.Holds.Hold(service.Id, revision.Number, image.ImageId, cancellationToken);
                var resolved = revision with { Image = new PinnedImage(image.ImageId, image.Digest, image.Pinned), Secrets = secrets };
                await dependencies.Documents.Store.Commit([ServiceDocuments.Write(service.Scope, resolved, null)], cancellationToken);
                story.HasImage(service, operation, image);
            }
            catch (Exception failure) when (failure is ServiceSecretException or EngineException { Failure: not EngineFailure.Unreachable })
            {
                outcome = new ImagePreparation(false, failure.Message);
            }
        }, cancellationToken);
        post(() =>
        {
            if (memory.OperationId == operation.Id)
            {
                memory.ImagePreparation = outcome;
            }
        });
    }

    private async Task<IReadOnlyDictionary<string, PinnedSecret>> PinSecrets(ServiceRecord service, RevisionRecord revision, CancellationToken cancellationToken) =>
        await dependencies.Secrets.Resolve(service, revision.Definition, cancellationToken);

    private async Task Start(StartInstance start, string id, Observation observation, CancellationToken cancellationToken)
    {
        var service = observation.Service.Record;
        var revision = observation.Situation.Revisions[start.Revision];
        var operation = observation.Operation?.Record;
        if (operation is { HasEnded: false } && operation.Revision == start.Revision)
        {
            story.Provisions(service, operation);
        }

        await Guard("starting an instance", observation, (id, start), async () =>
        {
            try
            {
                var identity = new InstanceIdentity(id, service.Id, service.Name, revision.Number);
                await NetworkSettled(revision, cancellationToken);
                await dependencies.Engine.StartInstance(identity, await SpecOf(service, operation, revision, id, cancellationToken), cancellationToken);

                // Not the answer, which may be older than an event that has been seen meanwhile.
                await dependencies.Observer.Refresh(id, cancellationToken);
                if (operation is { HasEnded: false } && operation.Revision == start.Revision)
                {
                    story.Probes(service, operation, revision);
                }
            }
            catch (Exception failure) when (failure is FormatException or ServiceSecretException or EngineException { Failure: not EngineFailure.Unreachable })
            {
                // A full disk does not empty itself between attempts that follow one another within seconds: one failure with one reason is clearer.
                var isCertain = failure is FormatException or ServiceSecretException or EngineException { Failure: EngineFailure.CannotStart or EngineFailure.WrongArchitecture or EngineFailure.DiskFull };
                story.StartFailed(service, operation, failure.Message);
                await dependencies.Engine.StopInstance(id, TimeSpan.Zero, cancellationToken);
                dependencies.Observer.Forget(id);
                post(() => CountFailure(start.Revision, failure.Message, isCertain, hasRun: false));
            }
        }, cancellationToken);
    }

    private async Task<InstanceSpec> SpecOf(ServiceRecord service, OperationRecord? operation, RevisionRecord revision, string instanceId, CancellationToken cancellationToken)
    {
        var secrets = await dependencies.Secrets.Read(service.Scope, revision.Secrets, cancellationToken);
        var platform = await dependencies.Variables.Of(service, revision, instanceId, cancellationToken);
        if (platform is null && revision.Definition.InstanceRoleArn is { } role && operation is { HasEnded: false })
        {
            story.LacksCredentials(service, operation, role);
        }

        return InstanceSpecs.Of(revision, secrets, platform);
    }

    /// <summary>Nothing waits for it, so its failure is no failure of the service; what it left is removed as half made.</summary>
    private async Task Prepare(PrepareInstance preparation, string id, Observation observation, CancellationToken cancellationToken)
    {
        var service = observation.Service.Record;
        var revision = observation.Situation.Revisions[preparation.Revision];
        await Guard("making an instance stand by", observation, (id, preparation), async () =>
        {
            try
            {
                await NetworkSettled(revision, cancellationToken);

                // Whole: what stands by has its variables already and only has to be started.
                var spec = await SpecOf(service, null, revision, id, cancellationToken);
                await dependencies.Engine.PrepareInstance(new InstanceIdentity(id, service.Id, service.Name, revision.Number), spec, cancellationToken);
            }
            catch (Exception failure) when (failure is FormatException or ServiceSecretException or EngineException { Failure: not EngineFailure.Unreachable })
            {
                ServiceReconcilerLog.EngineRefused(dependencies.Logger, "making an instance stand by", service.Id, failure.Message);
                post(() => memory.StandbyRestUntil = dependencies.Time.GetUtcNow() + ScalingDefaults.StandbyRest);
            }

            await dependencies.Observer.Refresh(id, cancellationToken);
        }, cancellationToken);
    }

    private Task NetworkSettled(RevisionRecord revision, CancellationToken cancellationToken) =>
        revision.Network is null ? Task.CompletedTask : dependencies.NetworksSettled(cancellationToken);

    private async Task Stop(StopInstance stop, Observation observation, CancellationToken cancellationToken)
    {
        var service = observation.Service.Record;
        var operation = observation.Operation?.Record;
        var instance = observation.Situation.Instances.First(instance => instance.Id == stop.InstanceId);
        if (stop.Reason == StopReason.Unhealthy)
        {
            story.Unhealthy(service, operation, stop.InstanceId, instance.Health.LastProblem);
            CountFailure(instance.Revision, $"Instance {stop.InstanceId[..8]} was unhealthy: {instance.Health.LastProblem}.", false);
        }
        else if (stop.Reason == StopReason.Incomplete)
        {
            ServiceReconcilerLog.Incomplete(dependencies.Logger, stop.InstanceId, service.Id);
        }

        await Guard("stopping an instance", observation, (stop.InstanceId, stop), async () =>
        {
            try
            {
                if (stop.Reason == StopReason.Ended && !_reportedEnds.ContainsKey(stop.InstanceId))
                {
                    if (!await dependencies.Engine.AcceptsConnections(cancellationToken))
                    {
                        throw new EngineException(EngineFailure.Unreachable, "The engine is being stopped, and ends its containers.");
                    }

                    await Report(service, operation, instance, cancellationToken);
                    _reportedEnds[stop.InstanceId] = true;
                }

                await dependencies.Engine.StopInstance(stop.InstanceId, stop.StopTimeout, cancellationToken);
                dependencies.Observer.Forget(stop.InstanceId);
                dependencies.Health.Untrack(stop.InstanceId);
                post(() =>
                {
                    memory.Forget(stop.InstanceId);
                    memory.StopRefusals = 0;
                    _reportedEnds.TryRemove(stop.InstanceId, out _);
                });
            }
            catch (EngineException failure) when (failure.Failure != EngineFailure.Unreachable)
            {
                post(() =>
                {
                    memory.StopRefusals++;
                    memory.StopRefusalReason = failure.Message;
                    memory.EngineRestUntil = dependencies.Time.GetUtcNow() + _engineRest;
                });
                ServiceReconcilerLog.EngineRefused(dependencies.Logger, "stopping an instance", service.Id, failure.Message);
            }
        }, cancellationToken);
    }

    /// <summary>Says why an instance has ended, once, with the last lines it wrote.</summary>
    private async Task Report(ServiceRecord service, OperationRecord? operation, ObservedInstance instance, CancellationToken cancellationToken)
    {
        if (dependencies.Observer.EndedWithEngine(instance.Id))
        {
            story.EngineRestarted(service, 1);
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = dependencies.Time.CreateTimer(_ => deadline.Cancel(), null, _logDrainLimit, Timeout.InfiniteTimeSpan);
        IReadOnlyList<string> lines = [];
        try
        {
            await dependencies.InstanceLogs.Finish(instance.Id, deadline.Token);
            lines = await dependencies.InstanceLogs.LastLines(service.Id, instance.Id, LastLines, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            lines = ["(the last lines of its output could not be read in time; see the application log)"];
        }

        var exit = instance.Exit ?? new InstanceExit(null, false, null);
        dependencies.Metrics.InstanceEnded(exit.OutOfMemory);
        var reason = ServiceStory.EndReason(instance.Id, exit) + (lines.Count > 0 ? $" Last output: {lines[^1]}" : "");
        post(() =>
        {
            CountFailure(instance.Revision, reason, exit.CannotEverStart);
            var count = memory.Failures[instance.Revision].Count;
            if (count < DeploymentDefaults.StartAttempts || operation is not null)
            {
                story.InstanceEnded(service, operation, instance.Id, exit, lines);
            }
            else if (memory.CrashLoops.GetValueOrDefault(instance.Revision) != exit)
            {
                // Once, and again if it ends in another way: hundreds of equal lines would hide what else happens.
                memory.CrashLoops[instance.Revision] = exit;
                story.CrashLoop(service, instance.Id, exit, lines, count, DeploymentDefaults.BackOff(count));
            }
        });
    }

    private Task Freeze(FreezeInstance freeze, Observation observation, CancellationToken cancellationToken) =>
        Guard("freezing an instance", observation, (freeze.InstanceId, freeze), async () =>
        {
            dependencies.Health.Untrack(freeze.InstanceId);

            // Should it not come to that, it is as well as it was.
            memory.Woken.Add(freeze.InstanceId);
            await dependencies.Engine.FreezeInstance(freeze.InstanceId, cancellationToken);
            await dependencies.Observer.Refresh(freeze.InstanceId, cancellationToken);
        }, cancellationToken);

    private Task Thaw(ThawInstance thaw, Observation observation, CancellationToken cancellationToken)
    {
        // Before the call: its answer may be lost though it was done.
        if (thaw.IsWaking)
        {
            memory.Woken.Add(thaw.InstanceId);
        }
        else
        {
            memory.Woken.Remove(thaw.InstanceId);
        }

        return Guard("thawing an instance", observation, (thaw.InstanceId, thaw), async () =>
        {
            await dependencies.Engine.ThawInstance(thaw.InstanceId, cancellationToken);
            var now = dependencies.Time.GetUtcNow();
            await dependencies.Observer.Refresh(thaw.InstanceId, cancellationToken);
            post(() => memory.ThawedAt[thaw.InstanceId] = now);
        }, cancellationToken);
    }

    private Task Release(ReleaseImage release, Observation observation, CancellationToken cancellationToken) =>
        Guard("releasing an image", observation, null, () => dependencies.Holds.Release(observation.Service.Record.Id, release.Revision, cancellationToken), cancellationToken);

    private void CountFailure(int revision, string reason, bool isCertain, bool hasRun = true)
    {
        var count = memory.Failures.TryGetValue(revision, out var before) ? before.Count + 1 : 1;
        memory.Failures[revision] = new StartFailures(count, dependencies.Time.GetUtcNow(), reason, isCertain, hasRun);
    }

    /// <summary>Marks an instance busy, runs the work, and posts its end; the engine's silence makes the reconciler rest instead of spin.</summary>
    private async Task Guard(string what, Observation observation, (string InstanceId, PlannedAction Action)? busy, Func<Task> work, CancellationToken cancellationToken)
    {
        var serviceId = observation.Service.Record.Id;
        if (busy is { } marked)
        {
            memory.Busy[marked.InstanceId] = marked.Action;
        }

        var isUnsure = false;
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process is ending; whoever starts next goes on from what the engine shows.
        }
        catch (EngineException failure)
        {
            isUnsure = true;
            ServiceReconcilerLog.EngineUnreachable(dependencies.Logger, serviceId, what, failure.Message);
            post(() =>
            {
                memory.EngineRestUntil = dependencies.Time.GetUtcNow() + _engineRest;
                if (observation.Operation is { } operation)
                {
                    story.EngineAway(observation.Service.Record, operation.Record, failure.Message);
                }
            });
        }
        catch (Exception failure)
        {
            isUnsure = true;
            ServiceReconcilerLog.ActionFailed(dependencies.Logger, failure, what, serviceId);
            post(() => memory.EngineRestUntil = dependencies.Time.GetUtcNow() + _engineRest);
        }

        if (busy is { } done)
        {
            if (isUnsure)
            {
                await LookAgain(done.InstanceId, cancellationToken);
            }

            post(() => memory.Busy.Remove(done.InstanceId));
        }
    }

    /// <summary>
    /// Finds out what a call has done that ended badly: not every trace of it comes with an event. The instance stays busy until that is known. Ends with the
    /// engine's first answer, or with the process.
    /// </summary>
    private async Task LookAgain(string instanceId, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await dependencies.Observer.Refresh(instanceId, cancellationToken);
                return;
            }
            catch (EngineException failure)
            {
                ServiceReconcilerLog.LookFailed(dependencies.Logger, instanceId, failure.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(_engineRest, dependencies.Time, CancellationToken.None);
        }
    }
}
