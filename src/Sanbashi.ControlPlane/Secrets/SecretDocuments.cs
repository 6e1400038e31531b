using System.Text.Json;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>How secrets and their sealed values lie in the store.</summary>
internal sealed class SecretDocuments(IDocumentStore store)
{
    public const string SecretKind = "secret";
    public const string ValueKind = "secret-value";

    public IDocumentStore Store => store;

    public async Task<Stored<SecretRecord>?> FindByName(ResourceScope scope, string name, CancellationToken cancellationToken) =>
        (await store.Query(new DocumentQuery(SecretKind) { Scope = scope, Name = name, Limit = 1 }, cancellationToken)).Select(Secret).FirstOrDefault();

    public async Task<Stored<SecretRecord>?> Find(ResourceScope scope, string id, CancellationToken cancellationToken) =>
        await store.Get(new DocumentKey(SecretKind, scope, id), cancellationToken) is { } document ? Secret(document) : null;

    /// <summary>Oldest first, those that wait for their deletion included.</summary>
    public async Task<IReadOnlyList<Stored<SecretRecord>>> List(ResourceScope? scope, CancellationToken cancellationToken) =>
        [.. (await store.Query(new DocumentQuery(SecretKind) { Scope = scope }, cancellationToken)).Select(Secret)];

    public async Task<SecretValueRecord?> FindValue(SecretRecord secret, string versionId, CancellationToken cancellationToken) =>
        await store.Get(ValueKey(secret.Scope, secret.Id, versionId), cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Body, SecretJson.Default.SecretValueRecord)
            : null;

    public static DocumentWrite Write(SecretRecord secret, long? expectedVersion) =>
        new(new DocumentKey(SecretKind, secret.Scope, secret.Id), expectedVersion, JsonSerializer.Serialize(secret, SecretJson.Default.SecretRecord), secret.Name) { UniqueName = true };

    public static DocumentWrite Write(SecretValueRecord value, long? expectedVersion) =>
        new(ValueKey(value.Scope, value.SecretId, value.VersionId), expectedVersion, JsonSerializer.Serialize(value, SecretJson.Default.SecretValueRecord), null, value.SecretId);

    public static DocumentWrite DeleteValue(SecretRecord secret, string versionId) => new(ValueKey(secret.Scope, secret.Id, versionId), null, null);

    /// <summary>The secret and all of its values.</summary>
    public static IReadOnlyList<DocumentWrite> Delete(Stored<SecretRecord> secret) =>
    [
        new DocumentWrite(new DocumentKey(SecretKind, secret.Record.Scope, secret.Record.Id), secret.Version, null),
        .. secret.Record.Versions.Select(version => DeleteValue(secret.Record, version.Id)),
    ];

    private static DocumentKey ValueKey(ResourceScope scope, string secretId, string versionId) => new(ValueKind, scope, $"{secretId}/{versionId}");

    private static Stored<SecretRecord> Secret(Document document) =>
        new(
            JsonSerializer.Deserialize(document.Body, SecretJson.Default.SecretRecord) ?? throw new StoreException($"The document {document.Key} is empty. Restore the state from a backup."),
            document.Version,
            document.CreatedSequence);
}
