namespace Sanbashi.Domain.Scaling;

/// <summary>Keeps what the instances of one revision used for as long as decisions look back: at most one value per reading. Not thread-safe.</summary>
public sealed class UsageLedger
{
    private readonly FallingPeaks _cpu = new();
    private readonly FallingPeaks _memory = new();
    private (int Cpu, int Memory) _latest;

    public DateTimeOffset? ReadAt { get; private set; }

    /// <param name="cpuPercent">Summed over the instances.</param>
    /// <param name="memoryPercent">Summed over the instances.</param>
    public void Record(DateTimeOffset at, int cpuPercent, int memoryPercent)
    {
        _cpu.Add(at, cpuPercent);
        _memory.Add(at, memoryPercent);
        _cpu.ForgetBefore(at - DemandLedger.Memory);
        _memory.ForgetBefore(at - DemandLedger.Memory);
        _latest = (cpuPercent, memoryPercent);
        ReadAt = at;
    }

    public InstanceUsage Read() => new()
    {
        ReadAt = ReadAt,
        CpuPercent = _latest.Cpu,
        MemoryPercent = _latest.Memory,
        CpuPeaks = _cpu.Read(),
        MemoryPeaks = _memory.Read(),
    };
}
