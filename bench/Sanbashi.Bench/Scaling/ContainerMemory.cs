using System.Globalization;

namespace Sanbashi.Bench.Scaling;

/// <summary>Proportional set size of everything that runs in containers, with the engine's shims.</summary>
internal static class ContainerMemory
{
    public static double Megabytes()
    {
        var parents = new Dictionary<int, int>();
        var shims = new HashSet<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Read($"{folder}/stat") is { } stat)
            {
                parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], CultureInfo.InvariantCulture);
                if (stat.Contains("(containerd-shim", StringComparison.Ordinal))
                {
                    shims.Add(id);
                }
            }
        }

        return parents.Keys.Where(id => IsBelow(id, shims, parents)).Sum(Pss);
    }

    private static bool IsBelow(int id, HashSet<int> shims, Dictionary<int, int> parents)
    {
        while (id > 1 && !shims.Contains(id))
        {
            id = parents.GetValueOrDefault(id);
        }

        return shims.Contains(id);
    }

    private static double Pss(int id) =>
        Read($"/proc/{id}/smaps_rollup")?.Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024
            : 0;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return null;
        }
    }
}
