using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Logs;

/// <summary><c>service.json</c> in a folder of logs.</summary>
internal static class LogOwnerFile
{
    /// <summary>Null when there is none. One that cannot be read is written anew at the service's next event.</summary>
    public static LogOwner? Read(string path, ILogger logger)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LogOwnerJson.Default.LogOwner);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            logger.OwnerUnreadable(path, e.Message);
            return null;
        }
    }

    /// <summary>Either the old or the new one is there, whole, whenever the process ends.</summary>
    public static void Write(string path, LogOwner owner)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, owner, LogOwnerJson.Default.LogOwner);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
