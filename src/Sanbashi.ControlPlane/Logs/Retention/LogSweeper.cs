using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Logs.Files;

namespace Sanbashi.ControlPlane.Logs.Retention;

/// <summary>
/// Removes, per service: 1. files whose last line is too old, 2. the logs of the oldest instances and deployments above their number, 3. the oldest files while
/// all together are too large, current ones of running instances last.
/// </summary>
internal sealed class LogSweeper(LogStore store, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Until cancelled; returns then.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Sweep();
                await Task.Delay(store.Options.SweepEvery, timeProvider, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The control plane ends.
        }
    }

    public void Sweep()
    {
        foreach (var owner in store.Owners)
        {
            try
            {
                SweepService(owner);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                logger.SweepFailed(owner.ServiceId, e.Message);
            }
        }
    }

    private void SweepService(LogOwner owner)
    {
        var folder = store.FolderOf(owner.ServiceId);
        foreach (var group in Enum.GetValues<LogGroup>())
        {
            RemoveOld(owner, group, folder);
        }

        RemoveSurplusStreams(folder, LogGroup.Application);
        RemoveSurplusStreams(folder, LogGroup.Service);
        RemoveSurplusBytes(folder);
        store.ForgetIfOver(owner.ServiceId);
    }

    // 1
    private void RemoveOld(LogOwner owner, LogGroup group, LogFolder folder)
    {
        var age = owner.RetentionDays.TryGetValue(group, out var days) ? TimeSpan.FromDays(days) : store.Options.MaxAge;
        if (age == TimeSpan.Zero)
        {
            return;
        }

        var limit = timeProvider.GetUtcNow() - age;
        foreach (var (_, path) in folder.Logs(group).ToList())
        {
            foreach (var file in path.ExistingFiles().Where(file => LastWrite(file) < limit).ToList())
            {
                RemoveFile(path, file);
            }
        }
    }

    // 2
    private void RemoveSurplusStreams(LogFolder folder, LogGroup group)
    {
        var surplus = folder.Logs(group)
            .Where(log => log.Stream != LogFolder.EventsStream)
            .GroupBy(log => log.Stream, log => log.Path)
            .OrderByDescending(stream => stream.SelectMany(path => path.ExistingFiles()).Max(LastWrite))
            .Skip(store.Options.MaxStreams)
            .ToList();
        foreach (var path in surplus.SelectMany(stream => stream))
        {
            store.Remove(path);
        }
    }

    // 3
    private void RemoveSurplusBytes(LogFolder folder)
    {
        var files = new[] { LogGroup.Service, LogGroup.Application }
            .SelectMany(group => folder.Logs(group))
            .SelectMany(log => log.Path.ExistingFiles().Select(file => (log.Path, File: file, IsCurrent: file == log.Path.Current && store.IsOpen(log.Path), Info: new FileInfo(file))))
            .Where(file => file.Info.Exists)
            .OrderBy(file => file.IsCurrent)
            .ThenBy(file => file.Info.LastWriteTimeUtc)
            .ToList();
        var bytes = files.Sum(file => file.Info.Length);
        foreach (var (path, file, _, info) in files)
        {
            if (bytes <= store.Options.MaxServiceBytes)
            {
                return;
            }

            bytes -= info.Length;
            RemoveFile(path, file);
        }
    }

    private void RemoveFile(LogPath path, string file)
    {
        if (file == path.Current && path.ExistingFiles().All(existing => existing == file))
        {
            store.Remove(path);
        }
        else if (file != path.Current)
        {
            File.Delete(file);
        }
    }

    private static DateTimeOffset LastWrite(string file) => File.GetLastWriteTimeUtc(file);
}
