using System.Globalization;
using System.Text;

namespace Sanbashi.Engines.Docker.Resources;

/// <summary>
/// The kernel's accounts of one container, read from its control group: version 2, or the version 1 hierarchies of processor time and memory. Three small
/// files, with no call to the engine.
/// </summary>
internal sealed class ControlGroup
{
    public const string Root = "/sys/fs/cgroup";

    /// <summary>EAGAIN: what the kernel answers when it has taken back less than it was asked for.</summary>
    private const int TryAgain = 11;

    private readonly string _cpuFile;
    private readonly string _memoryFile;
    private readonly string _memoryDetailsFile;
    private readonly string _reclaimFile;
    private readonly bool _isUnified;

    private ControlGroup(string cpuFolder, string memoryFolder, bool isUnified)
    {
        _isUnified = isUnified;
        _cpuFile = Path.Combine(cpuFolder, isUnified ? "cpu.stat" : "cpuacct.usage");
        _memoryFile = Path.Combine(memoryFolder, isUnified ? "memory.current" : "memory.usage_in_bytes");
        _memoryDetailsFile = Path.Combine(memoryFolder, "memory.stat");
        _reclaimFile = Path.Combine(memoryFolder, "memory.reclaim");
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

    /// <summary>
    /// Asks the kernel to take back all of the group's memory that it can, and waits for it; answers how many bytes that was. 0 without the file for it: version 1,
    /// or Linux before 5.19.
    /// </summary>
    public long Reclaim()
    {
        if (!_isUnified || !File.Exists(_reclaimFile))
        {
            return 0;
        }

        try
        {
            var before = Charged();
            Ask(before);
            return Math.Max(0, before - Charged());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            // The group has gone meanwhile, and its memory with it.
            return 0;
        }
    }

    private long Charged() => long.Parse(File.ReadAllText(_memoryFile), CultureInfo.InvariantCulture);

    private void Ask(long bytes)
    {
        try
        {
            // Never made anew: in the kernel's file system that would be refused, and elsewhere it would hide that there is none.
            using var file = new FileStream(_reclaimFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.ASCII.GetBytes(bytes.ToString(CultureInfo.InvariantCulture)));
        }
        catch (IOException failure) when (failure.HResult == TryAgain)
        {
            // It came to less than everything, which is what was expected: the rest is in use.
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
