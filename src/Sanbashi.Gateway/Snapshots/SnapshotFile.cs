using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Snapshots;

/// <summary>The last routes on disk. Written whole beside the old file, flushed, and renamed over it, so that a kill at any point leaves one good file.</summary>
internal sealed class SnapshotFile(string path, ILogger logger)
{
    /// <summary>The stored routes; null where there are none or they cannot be used, with the reason in the log.</summary>
    public RoutingSnapshot? Read()
    {
        try
        {
            using var stream = File.OpenRead(path);
            var snapshot = JsonSerializer.Deserialize(stream, RoutingJsonContext.Default.RoutingSnapshot);
            if (snapshot is { Format: > 0 and <= RoutingSnapshot.CurrentFormat })
            {
                return snapshot;
            }

            logger.SnapshotNotRead(path, $"format {snapshot?.Format} is not understood by this version");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The first start.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.SnapshotNotRead(path, exception.Message);
        }

        return null;
    }

    /// <summary>A failure is logged and not thrown: serving the new routes matters more than keeping them.</summary>
    public void Write(RoutingSnapshot snapshot)
    {
        var temporary = path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, snapshot, RoutingJsonContext.Default.RoutingSnapshot);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.SnapshotNotWritten(path, exception);
        }
    }
}
