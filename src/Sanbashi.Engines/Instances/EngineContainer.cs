namespace Sanbashi.Engines;

/// <param name="ExitCode">Null while it runs.</param>
public sealed record EngineContainer(string Name, EngineContainerState State, int? ExitCode, bool OutOfMemory, string? Error, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

public enum EngineContainerState
{
    Created,
    Running,
    Paused,
    Exited,
}
