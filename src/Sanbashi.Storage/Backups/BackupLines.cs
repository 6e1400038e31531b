using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>One document as it stands in a backup.</summary>
internal sealed record BackupDocument(string Kind, string Account, string Region, string Id, string? Name, string? Parent, long Version, long Created, string Body)
{
    public static BackupDocument Of(Document document) => new(
        document.Key.Kind, document.Key.Scope.Account, document.Key.Scope.Region, document.Key.Id,
        document.Name, document.Parent, document.Version, document.CreatedSequence, document.Body);

    public Document ToDocument() => new(new DocumentKey(Kind, new ResourceScope(Account, Region), Id), Name, Parent, Version, Created, Body);
}

/// <summary>The last line. A backup without it was cut off.</summary>
/// <param name="Sha256">Of every byte before this line, uncompressed, in lower-case hex.</param>
internal sealed record BackupTrailer(long DocumentsWritten, string Sha256);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupDocument))]
[JsonSerializable(typeof(BackupTrailer))]
internal sealed partial class BackupJson : JsonSerializerContext;

internal static class BackupLines
{
    // Bodies are JSON inside a JSON string: the default encoder would turn every quote into six characters.
    public static BackupJson Json { get; } = new(new JsonSerializerOptions(BackupJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
