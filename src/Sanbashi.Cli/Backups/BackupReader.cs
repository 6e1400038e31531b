using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Sanbashi.Storage;

namespace Sanbashi.Cli.Backups;

/// <summary>
/// Brings a backup back: into a new folder beside the state folder first, which takes its place by a rename when everything in it is complete. A state
/// folder that is a file system of its own cannot be renamed: there the new folder is inside, and its entries take the place of those before.
/// </summary>
internal sealed class BackupReader(TimeProvider timeProvider)
{
    /// <summary>Answers where the state that was there before is now; null when there was none.</summary>
    /// <param name="store">Another store than the SQLite file of the folder.</param>
    public async Task<string?> Restore(string archivePath, string stateDirectory, string? store, bool force, CancellationToken cancellationToken)
    {
        var isTaken = Directory.Exists(stateDirectory) && StateFiles.List(stateDirectory, withLogs: false).Count + (File.Exists(Path.Combine(stateDirectory, StateFiles.SqliteFile)) ? 1 : 0) > 0;
        if (isTaken && !force)
        {
            throw new CliException(ExitCodes.Conflict, $"{stateDirectory} holds a platform's state already. Name another folder with --state, or put it aside with --force.");
        }

        var isMountPoint = IsMountPoint(stateDirectory);
        var fresh = isMountPoint ? Path.Combine(stateDirectory, StateFiles.Restoring) : $"{stateDirectory}.restoring";
        if (Directory.Exists(fresh))
        {
            Directory.Delete(fresh, recursive: true);
        }

        Directory.CreateDirectory(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var storeCopy = Path.Combine(fresh, "store.restoring");
            await Extract(archivePath, fresh, storeCopy, cancellationToken);
            await RestoreStore(storeCopy, store ?? Path.Combine(fresh, StateFiles.SqliteFile), cancellationToken);
            File.Delete(storeCopy);
            return isMountPoint ? SwapEntries(fresh, stateDirectory) : Swap(fresh, stateDirectory);
        }
        finally
        {
            if (Directory.Exists(fresh))
            {
                Directory.Delete(fresh, recursive: true);
            }
        }
    }

    private static async Task Extract(string archivePath, string folder, string storeCopy, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(archivePath);
            await using var compressed = new GZipStream(file, CompressionMode.Decompress);
            await using var archive = new TarReader(compressed);
            await CheckManifest(archive, archivePath, cancellationToken);
            var hasStore = false;
            while (await archive.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                hasStore |= entry.Name == BackupManifest.StoreEntry;
                await Extract(entry, folder, storeCopy, cancellationToken);
            }

            if (!hasStore)
            {
                throw NoBackup(archivePath, "its documents are missing; the file may have been cut", null);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or JsonException)
        {
            throw NoBackup(archivePath, failure.Message, failure);
        }
    }

    private static async Task CheckManifest(TarReader archive, string archivePath, CancellationToken cancellationToken)
    {
        if (await archive.GetNextEntryAsync(copyData: false, cancellationToken) is not { Name: BackupManifest.ManifestEntry, DataStream: { } content })
        {
            throw NoBackup(archivePath, "it does not begin with a manifest", null);
        }

        var manifest = await JsonSerializer.DeserializeAsync(content, BackupJsonContext.Default.BackupManifest, cancellationToken);
        if (manifest?.Format is not BackupManifest.CurrentFormat)
        {
            throw NoBackup(archivePath, $"it has format {manifest?.Format} (written by version {manifest?.Version}), and this version reads format {BackupManifest.CurrentFormat}", null);
        }
    }

    private static async Task Extract(TarEntry entry, string folder, string storeCopy, CancellationToken cancellationToken)
    {
        if (entry.Name == BackupManifest.StoreEntry)
        {
            await entry.ExtractToFileAsync(storeCopy, overwrite: false, cancellationToken);
            return;
        }

        if (entry.EntryType != TarEntryType.RegularFile || !entry.Name.StartsWith(BackupManifest.FilesFolder, StringComparison.Ordinal))
        {
            return;
        }

        // An archive from elsewhere must not write outside of the folder.
        var target = Path.GetFullPath(Path.Combine(folder, entry.Name[BackupManifest.FilesFolder.Length..]));
        if (!target.StartsWith(folder + "/", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"the entry {entry.Name} lies outside of the state folder");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await entry.ExtractToFileAsync(target, overwrite: false, cancellationToken);
    }

    private async Task RestoreStore(string storeCopy, string store, CancellationToken cancellationToken)
    {
        try
        {
            await using var documents = await DocumentStores.Open(store, timeProvider, null, cancellationToken);
            await using var lease = await documents.AcquireLease(
                $"restore, process {Environment.ProcessId} on {Environment.MachineName}",
                holder => Console.Error.WriteLine($"The store is in use by {holder}; waiting until it ends (Ctrl-C gives up)."),
                cancellationToken);
            await documents.Restore(storeCopy, cancellationToken);
        }
        catch (StoreException failure)
        {
            throw new CliException(ExitCodes.Failed, $"The documents could not be restored. {failure.Message}", failure);
        }
    }

    private string? Swap(string fresh, string stateDirectory)
    {
        string? kept = null;
        if (Directory.Exists(stateDirectory))
        {
            var mode = File.GetUnixFileMode(stateDirectory);
            kept = $"{stateDirectory}.{Kept()}";
            Directory.Move(stateDirectory, kept);
            File.SetUnixFileMode(fresh, mode);
        }

        Directory.Move(fresh, stateDirectory);
        return kept;
    }

    private string? SwapEntries(string fresh, string stateDirectory)
    {
        var kept = Path.Combine(stateDirectory, Kept());
        var before = Directory.GetFileSystemEntries(stateDirectory).Where(path => path != fresh && !StateFiles.IsKept(Path.GetFileName(path))).ToList();
        if (before.Count > 0)
        {
            Directory.CreateDirectory(kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            MoveInto(kept, before);
        }

        MoveInto(stateDirectory, Directory.GetFileSystemEntries(fresh));
        return before.Count > 0 ? kept : null;
    }

    private string Kept() => StateFiles.KeptPrefix + timeProvider.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static void MoveInto(string folder, IEnumerable<string> entries)
    {
        foreach (var entry in entries)
        {
            Directory.Move(entry, Path.Combine(folder, Path.GetFileName(entry)));
        }
    }

    // The fifth field of a line is where something is mounted; blanks in it are octal (proc_pid_mountinfo(5)).
    private static bool IsMountPoint(string folder) =>
        File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal) == folder);

    private static CliException NoBackup(string path, string why, Exception? inner) =>
        new(ExitCodes.Failed, $"{path} is not a backup that can be restored: {why}.", inner);
}
