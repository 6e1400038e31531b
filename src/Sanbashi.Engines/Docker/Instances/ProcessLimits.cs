using System.Globalization;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>
/// Limits of open files and processes for Podman, which asks the kernel for more than the engine itself may have and then fails to start anything where that
/// cannot be raised. Docker's own defaults work.
/// </summary>
internal static class ProcessLimits
{
    private const long MostOpenFiles = 1_048_576;

    public static IReadOnlyList<Ulimit>? For(EngineProfile profile, bool isLocal)
    {
        if (!profile.IsPodman || !isLocal || !File.Exists("/proc/self/limits"))
        {
            return null;
        }

        return Parse(File.ReadAllText("/proc/self/limits"));
    }

    /// <param name="limits">The text of /proc/self/limits: ours are the best guess at those of an engine on the same machine.</param>
    public static IReadOnlyList<Ulimit> Parse(string limits) =>
        [.. Hard(limits, "Max open files", "nofile", MostOpenFiles), .. Hard(limits, "Max processes", "nproc", long.MaxValue)];

    private static IEnumerable<Ulimit> Hard(string limits, string title, string name, long most)
    {
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith(title, StringComparison.Ordinal));
        var columns = line?[title.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns is [_, var hard, ..] && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            yield return new Ulimit(name, Math.Min(value, most), Math.Min(value, most));
        }
    }
}
