using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Services;

/// <summary>Puts together what the planner looks at: the store's records, the engine's instances, the probes' and the gateways' reports.</summary>
internal sealed class ServiceObserver(ReconcilerDependencies dependencies, ServiceMemory memory, Action signal)
{
    /// <summary>Null when the service is not in the store any more.</summary>
    public async Task<Observation?> Observe(Stored<ServiceRecord>? service, CancellationToken cancellationToken)
    {
        if (service is null)
        {
            return null;
        }

        var record = service.Record;
        var operation = record.OperationId is { } operationId
            ? await dependencies.Documents.FindOperation(record.Scope, operationId, cancellationToken)
            : null;
        memory.BeginOperation(operation?.Record.Id, operation?.Record.Revision);
        var found = dependencies.Observer.Of(record.Id);
        await LoadRevisions(record, operation?.Record, found, cancellationToken);
        var now = dependencies.Time.GetUtcNow();
        var instances = Instances(record, found);
        ForgiveStable(instances, now);
        var needed = new HashSet<int?> { record.ActiveRevision, record.CanaryRevision, record.PreviousRevision, operation?.Record.Revision, operation?.Record.RefreshPrevious };
        var isGone = record.Status == ServiceStatus.Deleted;
        if (dependencies.Observer.IsCurrent)
        {
            memory.WatchedSince ??= now;
        }

        var settings = dependencies.EffectiveSettings(record);
        var situation = new ServiceSituation
        {
            Service = record,
            Operation = operation?.Record,
            Revisions = memory.Revisions,
            Instances = instances,
            EngineAnswers = dependencies.Observer.IsCurrent && !(memory.EngineRestUntil > now),
            CanFreeze = dependencies.CanFreeze(),
            AppliedRoute = memory.AppliedRoute,
            IsPublishing = memory.IsPublishing,
            Hosts = dependencies.Hosts(record),
            Settings = settings,
            Usage = UsageObserver.Observe(settings.ScaleOn, instances, dependencies.Resources, memory.Usage),
            Failures = memory.Failures,
            ImagePreparation = memory.ImagePreparation,
            StandbyRestUntil = memory.StandbyRestUntil,
            Ejected = ConfirmedAgain(record.Id),
            WatchedSince = memory.WatchedSince ?? now,
            Demand = dependencies.Routes.Demand(record.Id),
            CanaryDemand = record.CanaryRevision is null ? ServiceDemand.Unknown : dependencies.Routes.CanaryDemand(record.Id),
            FreeMemory = dependencies.FreeMemory(),
            IsClosing = dependencies.IsClosing(),
            StopRefusals = memory.StopRefusals,
            StopRefusalReason = memory.StopRefusalReason,
            HeldRevisions = [.. dependencies.Holds.Of(record.Id).Where(revision => isGone || !needed.Contains(revision))],
        };
        return new Observation(service, operation, situation);
    }

    private async Task LoadRevisions(ServiceRecord service, OperationRecord? operation, IReadOnlyList<EngineInstance> found, CancellationToken cancellationToken)
    {
        var wanted = found.Select(instance => instance.Identity.Revision).ToHashSet();
        foreach (var number in new[] { service.ActiveRevision, service.CanaryRevision, service.PreviousRevision, operation?.Revision })
        {
            if (number is { } some)
            {
                wanted.Add(some);
            }
        }

        foreach (var number in memory.Revisions.Keys.Where(number => !wanted.Contains(number)).ToList())
        {
            memory.Revisions.Remove(number);
        }

        // A revision never changes once its image is known, so it is read once.
        foreach (var number in wanted.Where(number => !memory.Revisions.TryGetValue(number, out var known) || known.Image is null).Order())
        {
            if (await dependencies.Documents.FindRevision(service, number, cancellationToken) is { } revision)
            {
                memory.Revisions[number] = revision.Record;
            }
        }
    }

    private List<ObservedInstance> Instances(ServiceRecord service, IReadOnlyList<EngineInstance> found)
    {
        var instances = found.Select(instance => Instance(service, instance)).ToList();

        // Calls under way for instances that the engine has not shown yet.
        foreach (var (id, action) in memory.Busy.Where(entry => instances.All(instance => instance.Id != entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (Making(action) is var (revision, phase))
            {
                instances.Add(new ObservedInstance { Id = id, Revision = revision, Phase = phase, StartedAt = dependencies.Time.GetUtcNow(), IsBusy = true });
            }
        }

        return instances;
    }

    private static (int Revision, InstancePhase Phase)? Making(PlannedAction action) => action switch
    {
        StartInstance start => (start.Revision, InstancePhase.Starting),
        PrepareInstance preparation => (preparation.Revision, InstancePhase.Standby),
        _ => null,
    };

    private ObservedInstance Instance(ServiceRecord service, EngineInstance found)
    {
        var id = found.Identity.InstanceId;
        var isBusy = memory.Busy.TryGetValue(id, out var action);
        var phase = Phase(found.State, action);
        Track(service, found, phase);
        var health = phase == InstancePhase.Running ? dependencies.Health.Of(id) : InstanceHealth.Unknown;
        var started = memory.ThawedAt.TryGetValue(id, out var thawed) ? thawed : found.StartedAt ?? dependencies.Time.GetUtcNow();
        return new ObservedInstance
        {
            Id = id,
            Revision = found.Identity.Revision,
            Phase = phase,
            Endpoint = found.Endpoint,
            StartedAt = started,
            Health = health.State,
            Exit = phase == InstancePhase.Exited ? Exit(found) : null,
            InFlight = dependencies.Routes.InFlight(id),
            LastUsedAt = dependencies.Routes.LastUsed(id),
            IsWaking = action is ThawInstance { IsWaking: true },
            IsFallingAsleep = action is FreezeInstance,
            DrainingSince = memory.DrainingSince.TryGetValue(id, out var since) ? since : null,
            IsBusy = isBusy,
            HasCommands = dependencies.Use.IsUsed(id),
            OtherPorts = health.OtherPorts,
            OtherPortsSince = health.OtherPortsSince,
        };
    }

    /// <summary>Every running instance is probed, whatever process started it.</summary>
    private void Track(ServiceRecord service, EngineInstance found, InstancePhase phase)
    {
        var id = found.Identity.InstanceId;
        if (phase != InstancePhase.Running)
        {
            dependencies.Health.Untrack(id);
            return;
        }

        dependencies.InstanceLogs.Follow(id, service.Id, [.. found.Containers.Select(container => container.Name)]);
        if (found.Endpoint is { } endpoint && memory.Revisions.TryGetValue(found.Identity.Revision, out var revision)
            && !memory.Busy.ContainsKey(id))
        {
            // Whatever it was thawed for is served or not by this: its wake is over once it is seen running.
            var wasWell = memory.Woken.Remove(id);
            dependencies.Health.Track(id, endpoint, revision.Definition.HealthCheck, revision.Settings.Protocol, wasWell, signal);
        }
    }

    private void ForgiveStable(List<ObservedInstance> instances, DateTimeOffset now)
    {
        foreach (var instance in instances.Where(instance => IsStable(instance, now)))
        {
            if (memory.Failures.Remove(instance.Revision, out var failures) && memory.CrashLoops.Remove(instance.Revision))
            {
                memory.Recoveries.Enqueue(failures.Count);
            }
        }
    }

    /// <summary>Healthy for long enough, or asleep that long after its start: it was well until it fell asleep.</summary>
    private static bool IsStable(ObservedInstance instance, DateTimeOffset now) =>
        (instance.Phase == InstancePhase.Frozen ? instance.StartedAt : instance.Health.HealthySince) is { } since && now - since >= DeploymentDefaults.StableAfter;

    /// <summary>Ejected instances that have answered a probe since: the gateways may try them again.</summary>
    private List<string> ConfirmedAgain(string serviceId)
    {
        var ejected = dependencies.Routes.Ejected(serviceId);
        foreach (var id in memory.EjectedAt.Keys.Where(id => !ejected.Contains(id)).ToList())
        {
            memory.EjectedAt.Remove(id);
        }

        var confirmed = new List<string>();
        foreach (var id in ejected.Order(StringComparer.Ordinal))
        {
            if (memory.EjectedAt.TryAdd(id, dependencies.Time.GetUtcNow()))
            {
                dependencies.Health.Hurry(id);
            }
            else if (dependencies.Health.Of(id) is { LastProbeAt: { } probed, State: { Status: HealthStatus.Healthy, Failures: 0 } } && probed > memory.EjectedAt[id])
            {
                confirmed.Add(id);
            }
        }

        return confirmed;
    }

    /// <summary>What an instance is, with what is being done to it: half made on purpose is not what an attempt has left half made.</summary>
    private static InstancePhase Phase(EngineInstanceState state, PlannedAction? action) => (action, state) switch
    {
        (StopInstance, _) => InstancePhase.Stopping,

        // Until its thaw has been answered it counts as frozen, whatever events have told: routes must not see a moment between asleep and awake.
        (ThawInstance { IsWaking: true }, EngineInstanceState.Running) => InstancePhase.Frozen,
        (StartInstance, EngineInstanceState.Standby) => InstancePhase.Starting,
        (PrepareInstance, EngineInstanceState.Incomplete) => InstancePhase.Standby,
        _ => Phase(state),
    };

    private static InstancePhase Phase(EngineInstanceState state) => state switch
    {
        EngineInstanceState.Standby => InstancePhase.Standby,
        EngineInstanceState.Running => InstancePhase.Running,
        EngineInstanceState.Frozen => InstancePhase.Frozen,
        EngineInstanceState.Exited => InstancePhase.Exited,
        _ => InstancePhase.Starting,
    };

    private static InstanceExit Exit(EngineInstance found)
    {
        var ended = found.Containers.FirstOrDefault(container => container.State == EngineContainerState.Exited);
        return new InstanceExit(ended?.ExitCode, ended?.OutOfMemory ?? false, ended?.Error);
    }
}

/// <param name="Operation">The one in progress.</param>
internal sealed record Observation(Stored<ServiceRecord> Service, Stored<OperationRecord>? Operation, ServiceSituation Situation);
