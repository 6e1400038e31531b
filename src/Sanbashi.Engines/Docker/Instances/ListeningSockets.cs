using System.Globalization;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>Reads the kernel's tables of TCP sockets.</summary>
internal static class ListeningSockets
{
    private const string Listen = "0A";

    /// <summary>127.0.0.11 in the byte order of /proc: Docker's own name server in every network namespace.</summary>
    private const string EngineNameServer = "0B00007F";

    /// <summary>Ports of listening sockets in the network namespace of a process, ascending; empty if its tables cannot be read.</summary>
    public static IReadOnlyList<int> Of(int pid)
    {
        try
        {
            return [.. new[] { "tcp", "tcp6" }
                .Select(table => $"/proc/{pid}/net/{table}")
                .Where(File.Exists)
                .SelectMany(table => Parse(File.ReadAllText(table)))
                .Distinct()
                .Order()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static IEnumerable<int> Parse(string table)
    {
        foreach (var line in table.Split('\n').Skip(1))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > 3 && columns[3] == Listen && columns[1].Split(':') is [var address, var port] && address != EngineNameServer
                && int.TryParse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number))
            {
                yield return number;
            }
        }
    }
}
