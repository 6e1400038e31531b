using System.Text.Json;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>What must hold at every step, checked where it could break.</summary>
internal sealed class Invariants(World world)
{
    private readonly Dictionary<string, ServiceRecord> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OperationRecord> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<(string ServiceId, int Number), RevisionRecord> _revisions = [];
    private SimulatedProcess? _lastWriter;

    /// <summary>Users have gone: only time passes.</summary>
    public bool IsQuiet { get; set; }

    public IEnumerable<ServiceRecord> Services => _services.Values;

    public IEnumerable<OperationRecord> Operations => _operations.Values;

    public RevisionRecord Revision(string serviceId, int revision) => _revisions[(serviceId, revision)];

    /// <summary>
    /// No gateway sends a request to an instance that was not proven healthy since its last start or thaw, except one of the serving revision that only slept:
    /// it is being woken by then, and the request waits for it there.
    /// </summary>
    public void OnRequest(SimulatedGateway gateway, GatewayService service, SimulatedInstance instance)
    {
        var onlySlept = instance.WasProvenBeforeItsSleep && (instance.WasWoken || IsActive(instance));
        if (!instance.IsProven && !onlySlept || instance.Identity.ServiceId != service.Route.ServiceId)
        {
            var state = instance.Container == PartState.Paused ? "is frozen" : "was not proven healthy";
            world.Violate($"{gateway.Name} sent a request for {service.Route.ServiceName} to {instance.Short}, which {state}.");
        }
    }

    /// <summary>
    /// What an attempt that was cut off has left is removed, never continued: requests of that attempt may still arrive, and a gateway may know the address.
    /// What stands by has never run, so no gateway knows it, whether its holder still lives or not.
    /// </summary>
    public void OnMaking(SimulatedInstance? left)
    {
        if (left is not null and not { Holder: PartState.Running or PartState.Ended, Container: PartState.Created, Start: 0 })
        {
            world.Violate($"{left.Short} of {left.Identity.ServiceName} was left {left.Holder}/{left.Container} and is continued.");
        }
    }

    public bool IsActive(SimulatedInstance instance) =>
        _services.GetValueOrDefault(instance.Identity.ServiceId) is { } service && (service.ActiveRevision == instance.Identity.Revision || service.CanaryRevision == instance.Identity.Revision);

    /// <summary>Nothing that runs is stopped or frozen while a gateway sends requests to it, nor while it answers requests whose time is not up.</summary>
    public void OnStopping(SimulatedInstance instance, string how)
    {
        foreach (var gateway in world.Gateways.Where(gateway => gateway.IsUp))
        {
            if (gateway.Find(instance.Identity.ServiceId)?.Instances.GetValueOrDefault(instance.Id) is not { } seen)
            {
                continue;
            }

            if (seen.Standing == Standing.Serving)
            {
                world.Violate($"{instance.Short} of {instance.Identity.ServiceName} was {how} while {gateway.Name} sends requests to it.");
            }

            if (seen.Open.Count > 0 && !(seen.DrainsUntil <= world.Now))
            {
                world.Violate($"{instance.Short} of {instance.Identity.ServiceName} was {how} while {seen.Open.Count} requests of {gateway.Name} were in flight on it ({seen.Standing}).");
            }
        }
    }

    /// <summary>
    /// What serves well is not taken away before its successor serves, unless that was asked for; and requests that wait for what sleeps are not turned away while it
    /// can be woken.
    /// </summary>
    public void OnApply(SimulatedGateway gateway, GatewayService service, ServiceRoute route)
    {
        if (service.Route.Availability == RouteAvailability.Asleep && route is { Availability: RouteAvailability.Unavailable, Canary: null or { Availability: RouteAvailability.Unavailable } } && !IsToStop(route.ServiceId)
            && world.Engine.Instances.FirstOrDefault(instance => instance.Identity.ServiceId == route.ServiceId && IsOnlyAsleep(instance)) is { } sleeper)
        {
            world.Violate($"{gateway.Name} was told to turn requests of {route.ServiceName} away though {sleeper.Short} only sleeps.");
        }

        if (route.Instances.Count > 0 || route is { Availability: RouteAvailability.Asleep } || route.Canary is { Instances.Count: > 0 } || service.Route.Instances.Count == 0 || IsToStop(route.ServiceId))
        {
            return;
        }

        var lost = service.Serving.Where(serving => !serving.IsCanary).Select(serving => world.Engine.Find(serving.Id)).OfType<SimulatedInstance>()
            .FirstOrDefault(instance => instance is { IsRunning: true, IsProven: true } && IsWell(instance));
        if (lost is not null)
        {
            world.Violate($"{gateway.Name} was told to serve nothing of {route.ServiceName} though {lost.Short} is well.");
        }
    }

    private bool IsOnlyAsleep(SimulatedInstance instance) =>
        IsActive(instance) && IsWell(instance) && instance is { Holder: PartState.Running, Container: PartState.Paused, WasProvenBeforeItsSleep: true } or { IsRunning: true, IsProven: true };

    private bool IsWell(SimulatedInstance instance) => instance is { IsEnding: false, Application: { IsFrail: false } application } && application.IsWell(world.Now);

    /// <summary>The records make sense after every commit, and only one process writes.</summary>
    public void OnCommit(SimulatedProcess writer, IReadOnlyList<DocumentWrite> writes)
    {
        if (writer != _lastWriter && world.ControlPlane?.Process != writer)
        {
            world.Violate($"{writer.Name} wrote although it is not the control plane any more.");
        }

        _lastWriter = writer;
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            Take(write, touched);
        }

        foreach (var id in touched)
        {
            Check(id);
        }
    }

    private void Take(DocumentWrite write, HashSet<string> touched)
    {
        switch (write)
        {
            case { Key.Kind: ServiceDocuments.ServiceKind, Body: null }:
                _services.Remove(write.Key.Id);
                break;
            case { Key.Kind: ServiceDocuments.ServiceKind }:
                var service = JsonSerializer.Deserialize(write.Body, ServiceJson.Default.ServiceRecord)!;
                NoteStatus(service);
                _services[service.Id] = service;
                touched.Add(service.Id);
                break;
            case { Key.Kind: ServiceDocuments.OperationKind, Body: null }:
                _operations.Remove(write.Key.Id);
                break;
            case { Key.Kind: ServiceDocuments.OperationKind }:
                var operation = JsonSerializer.Deserialize(write.Body, ServiceJson.Default.OperationRecord)!;
                CheckMove(_operations.GetValueOrDefault(operation.Id), operation);
                _operations[operation.Id] = operation;
                touched.Add(operation.ServiceId);
                break;
            case { Key.Kind: ServiceDocuments.RevisionKind, Body: { } body }:
                var revision = JsonSerializer.Deserialize(body, ServiceJson.Default.RevisionRecord)!;
                _revisions[(revision.ServiceId, revision.Number)] = revision;
                break;
        }
    }

    private void CheckMove(OperationRecord? before, OperationRecord after)
    {
        var isLegal = before?.Status switch
        {
            null => after.Status is OperationStatus.InProgress or OperationStatus.Pending,
            OperationStatus.Pending or OperationStatus.InProgress => after.Status is not (OperationStatus.Pending or OperationStatus.RollbackSucceeded or OperationStatus.RollbackFailed),
            OperationStatus.RollbackInProgress => after.Status is OperationStatus.RollbackSucceeded or OperationStatus.RollbackFailed or OperationStatus.RollbackInProgress,
            _ => false,
        };
        if (!isLegal || after.HasEnded != after.EndedAt.HasValue || after.Status == OperationStatus.Failed && string.IsNullOrEmpty(after.FailureReason))
        {
            world.Violate($"Operation {after.Type} went from {before?.Status} to {after.Status} (ended {after.EndedAt}, reason '{after.FailureReason}').");
        }

        if (before?.Status != after.Status)
        {
            world.Trace.Note($"operation {after.Id[..8]} {after.Type} of revision {after.Revision}: {before?.Status} -> {after.Status} {after.FailureReason}");
        }
    }

    private void Check(string serviceId)
    {
        if (!_services.TryGetValue(serviceId, out var service))
        {
            return;
        }

        var running = _operations.Values.Where(operation => operation.ServiceId == serviceId && !operation.HasEnded).Select(operation => operation.Id).ToList();
        if (running.Count > 1 || running.FirstOrDefault() != service.OperationId)
        {
            world.Violate($"Service {service.Name} says that operation {service.OperationId} runs, but {running.Count} do: {string.Join(", ", running)}.");
        }

        if (service.Status == ServiceStatus.OperationInProgress != service.OperationId is not null)
        {
            world.Violate($"Service {service.Name} is {service.Status} with operation '{service.OperationId}'.");
        }

        if (service.Status is ServiceStatus.Running or ServiceStatus.Paused && service.ActiveRevision is null
            || service.ActiveRevision is { } active && _revisions.GetValueOrDefault((serviceId, active))?.Image is null
            || service.CanaryRevision is { } canary && (canary == service.ActiveRevision || canary == service.PreviousRevision || service.ActiveRevision is null || service.CanarySince is null)
            || service.Status == ServiceStatus.Deleted != service.DeletedAt is not null)
        {
            world.Violate($"Service {service.Name} is {service.Status} with canary {service.CanaryRevision} and active revision {service.ActiveRevision}, deleted at {service.DeletedAt}.");
        }
    }

    private bool IsToStop(string serviceId) =>
        !_services.TryGetValue(serviceId, out var service)
        || service.Status is not (ServiceStatus.Running or ServiceStatus.OperationInProgress)
        || service.OperationId is { } id && _operations.GetValueOrDefault(id) is { Type: OperationType.PauseService or OperationType.DeleteService };

    private void NoteStatus(ServiceRecord after)
    {
        var before = _services.GetValueOrDefault(after.Id);
        if (before?.Status != after.Status || before.ActiveRevision != after.ActiveRevision || before.CanaryRevision != after.CanaryRevision)
        {
            world.Trace.Note($"service {after.Name}: {after.Status}, active {after.ActiveRevision}, canary {after.CanaryRevision}, previous {after.PreviousRevision}");
        }
    }
}
