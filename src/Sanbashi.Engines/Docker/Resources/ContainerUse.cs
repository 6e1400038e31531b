namespace Sanbashi.Engines.Docker.Resources;

/// <summary>What one container uses.</summary>
internal readonly record struct ContainerUse(TimeSpan CpuTime, long MemoryBytes)
{
    /// <param name="usage">Everything that is charged to the container.</param>
    /// <param name="inactiveFile">Of that, file pages that nobody has used lately: the kernel takes them back before it ends anything.</param>
    public static ContainerUse Of(TimeSpan cpuTime, long usage, long inactiveFile) => new(cpuTime, Math.Max(0, usage - inactiveFile));
}
