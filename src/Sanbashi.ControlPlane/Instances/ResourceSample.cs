namespace Sanbashi.ControlPlane.Instances;

/// <summary>What an instance used when it was last read: all of its containers together.</summary>
/// <param name="At">When it was read.</param>
/// <param name="CpuCores">Processors in use, on average since the reading before; null at the first reading.</param>
/// <param name="CpuFraction">The same as part of what the instance may use: 1 is all of it.</param>
/// <param name="MemoryBytes">The working set: without file pages that the kernel may drop at once.</param>
/// <param name="MemoryFraction">The same as part of the instance's limit.</param>
public sealed record ResourceSample(DateTimeOffset At, double? CpuCores, double? CpuFraction, long MemoryBytes, double MemoryFraction)
{
    /// <summary>Processor time since the containers were started.</summary>
    public TimeSpan CpuTime { get; init; }
}
