using System.Globalization;
using System.Text.Json;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Parameters;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Parameters;

/// <summary>How parameters and their sealed values lie in the store.</summary>
internal sealed class ParameterDocuments(IDocumentStore store)
{
    public const string ParameterKind = "parameter";
    public const string ValueKind = "parameter-value";

    public IDocumentStore Store => store;

    public async Task<Stored<ParameterRecord>?> Find(ResourceScope scope, string name, CancellationToken cancellationToken) =>
        await store.Get(Key(scope, name), cancellationToken) is { } document ? Parameter(document) : null;

    public async Task<IReadOnlyList<Stored<ParameterRecord>>> List(ResourceScope scope, CancellationToken cancellationToken) =>
        [.. (await store.Query(new DocumentQuery(ParameterKind) { Scope = scope }, cancellationToken)).Select(Parameter)];

    public async Task<ParameterValueRecord?> FindValue(ParameterRecord parameter, long version, CancellationToken cancellationToken) =>
        await store.Get(ValueKey(parameter, version), cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Body, ParameterJson.Default.ParameterValueRecord)
            : null;

    public static DocumentWrite Write(ParameterRecord parameter, long? expectedVersion) =>
        new(Key(parameter.Scope, parameter.Name), expectedVersion, JsonSerializer.Serialize(parameter, ParameterJson.Default.ParameterRecord));

    public static DocumentWrite Write(ParameterRecord parameter, ParameterValueRecord value) =>
        new(ValueKey(parameter, value.Version), 0, JsonSerializer.Serialize(value, ParameterJson.Default.ParameterValueRecord), null, parameter.Id);

    public static DocumentWrite DeleteValue(ParameterRecord parameter, long version) => new(ValueKey(parameter, version), null, null);

    /// <summary>The parameter and all of its values.</summary>
    public static IReadOnlyList<DocumentWrite> Delete(Stored<ParameterRecord> parameter) =>
    [
        new DocumentWrite(Key(parameter.Record.Scope, parameter.Record.Name), parameter.Version, null),
        .. parameter.Record.Versions.Select(version => DeleteValue(parameter.Record, version.Number)),
    ];

    private static DocumentKey Key(ResourceScope scope, string name) => new(ParameterKind, scope, ParameterName.Key(name));

    private static DocumentKey ValueKey(ParameterRecord parameter, long version) =>
        new(ValueKind, parameter.Scope, $"{parameter.Id}/{version.ToString(CultureInfo.InvariantCulture)}");

    private static Stored<ParameterRecord> Parameter(Document document) =>
        new(
            JsonSerializer.Deserialize(document.Body, ParameterJson.Default.ParameterRecord) ?? throw new StoreException($"The document {document.Key} is empty. Restore the state from a backup."),
            document.Version,
            document.CreatedSequence);
}
