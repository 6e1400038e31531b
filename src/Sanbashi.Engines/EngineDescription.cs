namespace Sanbashi.Engines;

/// <param name="MemoryBytes">What the machine has.</param>
public sealed record EngineDescription(
    string Name, string Version, string ApiVersion, string Architecture, int CpuCount, long MemoryBytes, bool CanFreeze, string Socket);
