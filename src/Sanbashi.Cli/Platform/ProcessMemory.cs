using System.Globalization;

namespace Sanbashi.Cli.Platform;

/// <summary>What a process occupies, from <c>/proc</c>.</summary>
internal static class ProcessMemory
{
    /// <summary>
    /// The process's share of the machine's memory in MB (proportional set size: pages that the platform's processes share are counted once over all
    /// of them); <c>-</c> when it cannot be read (gone, or another user's).
    /// </summary>
    public static string Text(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").FirstOrDefault(text => text.StartsWith("Pss:", StringComparison.Ordinal));
            var kilobytes = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return kilobytes is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{long.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024.0:0} MB");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "-";
        }
    }
}
