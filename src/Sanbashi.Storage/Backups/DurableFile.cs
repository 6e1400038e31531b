namespace Sanbashi.Storage;

/// <summary>Writes a file so that after a crash at any point either the old or the new one is there, whole.</summary>
internal static class DurableFile
{
    /// <summary>Readable by its owner only: it may hold whatever the state holds.</summary>
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes an empty file, unless there is one.</summary>
    public static void MakeIfMissing(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            Create(path, FileMode.CreateNew).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it in the meantime.
        }
    }

    public static async Task Replace(string path, Func<Stream, Task> write)
    {
        var full = Path.GetFullPath(path);
        var unfinished = $"{full}.unfinished";
        try
        {

            await using (var file = Create(unfinished, FileMode.Create))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, full, overwrite: true);
            Posix.SyncFolder(Path.GetDirectoryName(full)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeleteUnfinished(unfinished);
            throw new StoreException($"Cannot write {path}: {e.Message} Choose another place, or make room there.", e);
        }
        catch
        {
            DeleteUnfinished(unfinished);
            throw;
        }
    }

    private static void DeleteUnfinished(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private static FileStream Create(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }
}
