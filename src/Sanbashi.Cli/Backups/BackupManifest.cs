using System.Text.Json.Serialization;

namespace Sanbashi.Cli.Backups;

/// <summary>The first entry of a backup: what it is.</summary>
/// <param name="Format">Version of the archive's layout, 1.</param>
internal sealed record BackupManifest(int Format, string Version, DateTimeOffset CreatedAt, string Store)
{
    public const int CurrentFormat = 1;

    /// <summary>Names of the entries.</summary>
    public const string ManifestEntry = "manifest.json";
    public const string StoreEntry = "store";
    public const string FilesFolder = "state/";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJsonContext : JsonSerializerContext;
