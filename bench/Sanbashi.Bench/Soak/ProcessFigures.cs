using System.Globalization;

namespace Sanbashi.Bench.Soak;

/// <summary>What one process holds: memory as its proportional set size, open files (sockets among them), threads.</summary>
internal sealed record ProcessFigures(double Megabytes, int Files, int Sockets, int Threads)
{
    public static ProcessFigures Of(int process)
    {
        var memory = File.ReadLines($"/proc/{process}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        var targets = Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(Target).OfType<string>().ToList();
        return new ProcessFigures(
            double.Parse(memory.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024,
            targets.Count,
            targets.Count(target => target.StartsWith("socket:", StringComparison.Ordinal)),
            Directory.EnumerateDirectories($"/proc/{process}/task").Count());
    }

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            // Closed between the listing and the reading.
            return null;
        }
    }
}
