using System.Collections.Frozen;
using Sanbashi.ControlPlane.Api;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>The sizes an instance can have, and the forms in which clients write them.</summary>
internal static class InstanceSizes
{
    /// <summary>Literal texts: the model's patterns leave their dots unescaped and so say too much.</summary>
    private static readonly FrozenDictionary<string, int> _cpuUnits = new Dictionary<string, int>
    {
        ["256"] = 256, ["0.25 vCPU"] = 256,
        ["512"] = 512, ["0.5 vCPU"] = 512,
        ["1024"] = 1024, ["1 vCPU"] = 1024,
        ["2048"] = 2048, ["2 vCPU"] = 2048,
        ["4096"] = 4096, ["4 vCPU"] = 4096,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> _memoryMegabytes = new[] { 512, 1024, 2048, 3072, 4096, 6144, 8192, 10240, 12288 }
        .SelectMany(megabytes => new[] { ($"{megabytes}", megabytes), (megabytes == 512 ? "0.5 GB" : $"{megabytes / 1024} GB", megabytes) })
        .ToFrozenDictionary(entry => entry.Item1, entry => entry.Item2, StringComparer.Ordinal);

    /// <summary>Memory that goes with each number of CPU units.</summary>
    private static readonly SortedDictionary<int, int[]> _pairs = new()
    {
        [256] = [512, 1024],
        [512] = [1024],
        [1024] = [2048, 3072, 4096],
        [2048] = [4096, 6144],
        [4096] = [8192, 10240, 12288],
    };

    public static int CpuUnits(string text) => _cpuUnits.TryGetValue(text, out var units)
        ? units
        : throw ApiErrors.InvalidRequest($"InstanceConfiguration.Cpu '{text}' is not one of {string.Join(", ", _cpuUnits.Keys.OrderBy(key => _cpuUnits[key]))}.");

    public static int MemoryMegabytes(string text) => _memoryMegabytes.TryGetValue(text, out var megabytes)
        ? megabytes
        : throw ApiErrors.InvalidRequest($"InstanceConfiguration.Memory '{text}' is not one of {string.Join(", ", _memoryMegabytes.Keys.OrderBy(key => _memoryMegabytes[key]))}.");

    public static void CheckPair(int cpuUnits, int memoryMegabytes)
    {
        if (!_pairs[cpuUnits].Contains(memoryMegabytes))
        {
            throw ApiErrors.InvalidRequest(
                $"InstanceConfiguration: Cpu {cpuUnits} cannot be combined with Memory {memoryMegabytes}. With this Cpu, Memory can be {string.Join(", ", _pairs[cpuUnits])}. "
                + $"All pairs: {string.Join("; ", _pairs.Select(pair => $"{pair.Key} with {string.Join(", ", pair.Value)}"))}.");
        }
    }
}
