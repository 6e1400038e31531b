using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>One container's part of an instance's size: an equal share, since sizes are declared per instance.</summary>
/// <param name="CpuQuota">Microseconds of CPU time per <see cref="CpuPeriod"/>.</param>
internal sealed record ContainerLimits(long CpuQuota, long MemoryBytes)
{
    /// <summary>Microseconds; the kernel's own default.</summary>
    public const long CpuPeriod = 100_000;

    /// <summary>Less is refused by the kernel.</summary>
    private const long SmallestCpuQuota = 1_000;

    /// <summary>Less is refused by Docker.</summary>
    private const long SmallestMemory = 6L * 1024 * 1024;

    /// <param name="machineCpuCount">More than the machine has is clamped: engines refuse it.</param>
    public static ContainerLimits Of(InstanceSize size, int containers, int machineCpuCount)
    {
        var quota = Math.Min(size.CpuUnits * CpuPeriod / 1024, machineCpuCount * CpuPeriod) / containers;
        var memory = size.MemoryMegabytes * 1024L * 1024 / containers;
        return new ContainerLimits(Math.Max(quota, SmallestCpuQuota), Math.Max(memory, SmallestMemory));
    }
}
