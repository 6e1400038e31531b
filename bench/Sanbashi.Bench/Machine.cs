using System.Globalization;

namespace Sanbashi.Bench;

/// <summary>What a result has to name: where, when and how it was measured.</summary>
internal static class Machine
{
    public static void WriteHeading(string title, string command)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        Console.WriteLine($"## {title}");
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores of {model}, {memory:0} GB, {Environment.OSVersion.VersionString}, .NET {Environment.Version}, load {LoadAverage()} at the start. Command: `{command}`."));
        Console.WriteLine();
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
