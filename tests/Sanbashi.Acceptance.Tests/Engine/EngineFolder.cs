using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Engine;

/// <summary>Removes the folder of an engine that has ended, with what still holds it: shims of containers that outlived it, and mounts.</summary>
internal static class EngineFolder
{
    public static async Task Remove(string folder)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(process => IsShim(process, folder)))
        {
            await Command.Run("/bin/kill", ["-KILL", Path.GetFileName(process)]);
        }

        // The deepest first.
        foreach (var mount in (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(line => line.Split(' ')[1]).Where(mount => mount.StartsWith(folder, StringComparison.Ordinal)).Reverse())
        {
            await Command.Run("/bin/umount", ["-l", mount]);
        }

        await Command.Run("/bin/rm", ["-rf", folder]);
    }

    private static bool IsShim(string process, string folder)
    {
        try
        {
            var command = File.ReadAllText($"{process}/cmdline");
            return command.Contains("containerd-shim", StringComparison.Ordinal) && command.Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // No process, or one that ended meanwhile.
            return false;
        }
    }
}
