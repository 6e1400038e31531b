using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Sanbashi.Cli.Platform;
using Sanbashi.Storage;

namespace Sanbashi.Cli.Backups;

/// <summary>Writes a backup: a compressed tar of a manifest, the store's own copy of itself, and the files of the state folder.</summary>
internal sealed class BackupWriter(TimeProvider timeProvider)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task Write(string stateDirectory, string store, string target, bool withLogs, CancellationToken cancellationToken)
    {
        if (!store.Contains("://", StringComparison.Ordinal) && !File.Exists(store))
        {
            throw new CliException(ExitCodes.NotFound, $"There is no platform's state in {stateDirectory}: {store} is not there. Name the folder with --state.");
        }

        var temporary = target + ".new";
        var storeCopy = target + ".store";
        try
        {
            await using (var documents = await DocumentStores.Open(store, timeProvider, null, cancellationToken))
            {
                await documents.Backup(storeCopy, cancellationToken);
            }

            await using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                await using (var compressed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
                await using (var archive = new TarWriter(compressed, TarEntryFormat.Pax))
                {
                    await WriteManifest(archive, store, cancellationToken);
                    await archive.WriteEntryAsync(storeCopy, BackupManifest.StoreEntry, cancellationToken);
                    foreach (var path in StateFiles.List(stateDirectory, withLogs))
                    {
                        await archive.WriteEntryAsync(Path.Combine(stateDirectory, path), BackupManifest.FilesFolder + path, cancellationToken);
                    }
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (StoreException failure)
        {
            throw new CliException(ExitCodes.Failed, $"The backup of {stateDirectory} was not written. {failure.Message}", failure);
        }
        finally
        {
            File.Delete(storeCopy);
            File.Delete(temporary);
        }
    }

    private async Task WriteManifest(TarWriter archive, string store, CancellationToken cancellationToken)
    {
        var kind = store.Contains("://", StringComparison.Ordinal) ? StoreLocation.External : StoreLocation.Sqlite;
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, ProductVersion.Text, timeProvider.GetUtcNow(), kind);
        var entry = new PaxTarEntry(TarEntryType.RegularFile, BackupManifest.ManifestEntry)
        {
            DataStream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJsonContext.Default.BackupManifest)),
            Mode = OwnerOnly,
        };
        await archive.WriteEntryAsync(entry, cancellationToken);
    }
}
