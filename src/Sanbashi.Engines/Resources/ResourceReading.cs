namespace Sanbashi.Engines;

/// <summary>What the containers of one instance use together. Two readings give a rate.</summary>
/// <param name="Timestamp">When it was read, by the engine's <see cref="DockerEngineOptions.TimeProvider"/>.</param>
/// <param name="CpuTime">Processor time since the containers were started.</param>
/// <param name="MemoryBytes">The working set: what is charged to the containers, without file pages that the kernel may drop at once (inactive_file).</param>
/// <param name="CpuLimit">Processors that the instance may use at most.</param>
/// <param name="MemoryLimitBytes">Memory at which it is ended.</param>
public sealed record ResourceReading(long Timestamp, TimeSpan CpuTime, long MemoryBytes, double CpuLimit, long MemoryLimitBytes);
