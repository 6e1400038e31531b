namespace Sanbashi.Engines;

/// <param name="InstanceId">Null for events about the engine itself.</param>
public sealed record EngineEvent(EngineEventKind Kind, string? InstanceId, string? ServiceId, string? ContainerName, int? ExitCode, string? Detail = null);

public enum EngineEventKind
{
    Connected,
    Disconnected,
    Started,
    Exited,
    OutOfMemory,
    Frozen,
    Thawed,
    Removed,
}
