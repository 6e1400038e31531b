using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services;

/// <summary>A record together with the version it was read at.</summary>
public sealed record Stored<T>(T Record, long Version, long CreatedSequence);

/// <summary>How services, revisions, operations and auto scaling configurations lie in the store.</summary>
public sealed class ServiceDocuments(IDocumentStore store)
{
    public const string ServiceKind = "service";
    public const string RevisionKind = "revision";
    public const string OperationKind = "operation";
    public const string AutoScalingKind = "autoscaling";
    public const string HostKind = "host";

    /// <summary>Host labels are unique over all scopes, so their reservations live in a scope of their own.</summary>
    private static readonly ResourceScope _installationScope = new("-", "-");

    public IDocumentStore Store => store;

    public Task<Stored<ServiceRecord>?> FindService(ResourceScope scope, string id, CancellationToken cancellationToken) =>
        Find(new DocumentKey(ServiceKind, scope, id), ServiceJson.Default.ServiceRecord, cancellationToken);

    /// <summary>Oldest first; deleted ones that are still kept included.</summary>
    public Task<IReadOnlyList<Stored<ServiceRecord>>> ListServices(ResourceScope? scope, CancellationToken cancellationToken) =>
        Query(new DocumentQuery(ServiceKind) { Scope = scope }, ServiceJson.Default.ServiceRecord, cancellationToken);

    public Task<Stored<RevisionRecord>?> FindRevision(ServiceRecord service, int number, CancellationToken cancellationToken) =>
        Find(RevisionKey(service.Scope, service.Id, number), ServiceJson.Default.RevisionRecord, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Stored<RevisionRecord>>> ListRevisions(ServiceRecord service, CancellationToken cancellationToken) =>
        Query(new DocumentQuery(RevisionKind) { Scope = service.Scope, Parent = service.Id, NewestFirst = true }, ServiceJson.Default.RevisionRecord, cancellationToken);

    public Task<Stored<OperationRecord>?> FindOperation(ResourceScope scope, string operationId, CancellationToken cancellationToken) =>
        Find(new DocumentKey(OperationKind, scope, operationId), ServiceJson.Default.OperationRecord, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Stored<OperationRecord>>> ListOperations(ServiceRecord service, long? before, int? limit, CancellationToken cancellationToken) =>
        Query(
            new DocumentQuery(OperationKind) { Scope = service.Scope, Parent = service.Id, NewestFirst = true, AfterCreated = before, Limit = limit },
            ServiceJson.Default.OperationRecord,
            cancellationToken);

    public Task<IReadOnlyList<Stored<AutoScalingConfigurationRecord>>> ListAutoScaling(ResourceScope scope, string? name, CancellationToken cancellationToken) =>
        Query(new DocumentQuery(AutoScalingKind) { Scope = scope, Name = name }, ServiceJson.Default.AutoScalingConfigurationRecord, cancellationToken);

    public static DocumentWrite Write(ServiceRecord service, long? expectedVersion) =>
        new(new DocumentKey(ServiceKind, service.Scope, service.Id), expectedVersion, JsonSerializer.Serialize(service, ServiceJson.Default.ServiceRecord),
            // A deleted service gives its name back at once, though it can be described for an hour.
            service.Status == ServiceStatus.Deleted ? null : service.Name)
        {
            UniqueName = service.Status != ServiceStatus.Deleted,
        };

    public static DocumentWrite Write(ResourceScope scope, RevisionRecord revision, long? expectedVersion) =>
        new(RevisionKey(scope, revision.ServiceId, revision.Number), expectedVersion, JsonSerializer.Serialize(revision, ServiceJson.Default.RevisionRecord), null, revision.ServiceId);

    public static DocumentWrite Write(ResourceScope scope, OperationRecord operation, long? expectedVersion) =>
        new(new DocumentKey(OperationKind, scope, operation.Id), expectedVersion, JsonSerializer.Serialize(operation, ServiceJson.Default.OperationRecord), null, operation.ServiceId);

    public static DocumentWrite Write(AutoScalingConfigurationRecord configuration, long? expectedVersion) =>
        new(new DocumentKey(AutoScalingKind, configuration.Scope, configuration.Id), expectedVersion,
            JsonSerializer.Serialize(configuration, ServiceJson.Default.AutoScalingConfigurationRecord), configuration.Name);

    public static DocumentWrite Delete(string kind, ResourceScope scope, string id) => new(new DocumentKey(kind, scope, id), null, null);

    /// <summary>Conflicts at commit when the label is taken.</summary>
    public static DocumentWrite ReserveHost(string label, string serviceId) =>
        new(new DocumentKey(HostKind, _installationScope, label), 0, JsonSerializer.Serialize(serviceId, ServiceJson.Default.String), null, serviceId);

    public static DocumentWrite ReleaseHost(string label) => new(new DocumentKey(HostKind, _installationScope, label), null, null);

    public async Task<bool> IsHostTaken(string label, CancellationToken cancellationToken) =>
        await store.Get(new DocumentKey(HostKind, _installationScope, label), cancellationToken) is not null;

    /// <summary>The id of the service that has reserved this; null for none.</summary>
    public async Task<string?> HolderOfHost(string label, CancellationToken cancellationToken) =>
        await store.Get(new DocumentKey(HostKind, _installationScope, label), cancellationToken) is { } held ? JsonSerializer.Deserialize(held.Body, ServiceJson.Default.String) : null;

    public static DocumentKey RevisionKey(ResourceScope scope, string serviceId, int number) =>
        new(RevisionKind, scope, $"{serviceId}/{number.ToString(CultureInfo.InvariantCulture)}");

    private async Task<Stored<T>?> Find<T>(DocumentKey key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var document = await store.Get(key, cancellationToken);
        return document is null ? null : Read(document, type);
    }

    private async Task<IReadOnlyList<Stored<T>>> Query<T>(DocumentQuery query, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var documents = await store.Query(query, cancellationToken);
        return [.. documents.Select(document => Read(document, type))];
    }

    private static Stored<T> Read<T>(Document document, JsonTypeInfo<T> type) =>
        new(
            JsonSerializer.Deserialize(document.Body, type) ?? throw new StoreException($"The document {document.Key.Kind} {document.Key.Id} is empty. Restore the state from a backup."),
            document.Version,
            document.CreatedSequence);
}
