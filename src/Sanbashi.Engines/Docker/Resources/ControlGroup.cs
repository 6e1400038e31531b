using System.Globalization;

namespace Sanbashi.Engines.Docker.Resources;

/// <summary>
/// The kernel's accounts of one container, read from its control group: version 2, or the version 1 hierarchies of processor time and memory. Three small
/// files, with no call to the engine.
/// </summary>
internal sealed class ControlGroup
{
    public const string Root = "/sys/fs/cgroup";

    private readonly string _cpuFile;
    private readonly string _memoryFile;
    private readonly string _memoryDetailsFile;
    private readonly bool _isUnified;

    private ControlGroup(string cpuFolder, string memoryFolder, bool isUnified)
    {
        _isUnified = isUnified;
        _cpuFile = Path.Combine(cpuFolder, isUnified ? "cpu.stat" : "cpuacct.usage");
        _memoryFile = Path.Combine(memoryFolder, isUnified ? "memory.current" : "memory.usage_in_bytes");
        _memoryDetailsFile = Path.Combine(memoryFolder, "memory.stat");
    }

    /// <summary>
    /// The group of a container whose first process has this number. Null where its files cannot be read: the engine is in another machine, or in a namespace
    /// from which the numbers and paths mean something else. The group's name carries the container's id, so another process with that number is not mistaken for it.
    /// </summary>
    public static ControlGroup? Find(int pid, string containerId)
    {
        try
        {
            return pid > 0 && Parse(Root, File.ReadLines($"/proc/{pid}/cgroup"), containerId) is { } group && group.Read() is not null ? group : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="lines">Of /proc/PID/cgroup, such as <c>4:memory:/docker/ID</c> or, in version 2, <c>0::/system.slice/docker-ID.scope</c>; see cgroups(7).</param>
    public static ControlGroup? Parse(string root, IEnumerable<string> lines, string containerId)
    {
        string? cpu = null, memory = null, unified = null;
        foreach (var line in lines)
        {
            if (line.Split(':', 3) is not [_, var controllers, var path] || FolderOf(path, containerId) is not { } folder)
            {
                continue;
            }

            var names = controllers.Split(',');
            cpu = names.Contains("cpuacct") ? $"{root}/{controllers}{folder}" : cpu;
            memory = names.Contains("memory") ? $"{root}/{controllers}{folder}" : memory;
            unified = controllers.Length == 0 ? root + folder : unified;
        }

        return cpu is not null && memory is not null ? new ControlGroup(cpu, memory, isUnified: false)
            : unified is not null ? new ControlGroup(unified, unified, isUnified: true)
            : null;
    }

    /// <summary>Null when the group is gone.</summary>
    public ContainerUse? Read()
    {
        try
        {
            var cpu = File.ReadAllText(_cpuFile);
            var cpuTime = _isUnified
                ? TimeSpan.FromMicroseconds(Value(cpu, "usage_usec"))
                : TimeSpan.FromTicks(long.Parse(cpu, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
            var memory = long.Parse(File.ReadAllText(_memoryFile), CultureInfo.InvariantCulture);
            return ContainerUse.Of(cpuTime, memory, Value(File.ReadAllText(_memoryDetailsFile), _isUnified ? "inactive_file" : "total_inactive_file"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Up to the part that names the container: its first process may be in a group below (Podman), which is not all of it.</summary>
    private static string? FolderOf(string path, string containerId)
    {
        var at = path.IndexOf(containerId, StringComparison.Ordinal);
        var end = at < 0 ? -1 : path.IndexOf('/', at);
        return at < 0 ? null : end < 0 ? path : path[..end];
    }

    /// <param name="text">Lines of a name and a number.</param>
    private static long Value(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
            {
                return long.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
