using System.Globalization;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>What the machine has left, by the kernel's own estimate (<c>MemAvailable</c>, proc(5)).</summary>
internal static class MachineMemory
{
    private const string Name = "MemAvailable:";

    /// <summary>Bytes; null where there is no such estimate.</summary>
    public static long? Available()
    {
        try
        {
            return Parse(File.ReadLines("/proc/meminfo"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not this kernel, or not allowed: scaling then goes by the configuration alone.
            return null;
        }
    }

    /// <param name="lines">Lines such as <c>MemAvailable:    5211380 kB</c>.</param>
    internal static long? Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.StartsWith(Name, StringComparison.Ordinal))
            {
                var number = line.AsSpan(Name.Length).Trim();
                var end = number.IndexOf(' ');
                return long.TryParse(end < 0 ? number : number[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
            }
        }

        return null;
    }
}
