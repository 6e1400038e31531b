using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines;

/// <summary>
/// What runs containers, in terms of instances, images, networks, volumes and events. Every call is idempotent; objects of another installation are
/// never listed nor touched. Failures are <see cref="EngineException"/> with a kind.
/// </summary>
public interface IContainerEngine : IAsyncDisposable
{
    Task<EngineDescription> Describe(CancellationToken cancellationToken);

    // ---- images

    /// <summary>
    /// Finds out what a reference means now and makes it present on the machine: a bare name is local first; a name with a registry is asked there first,
    /// locally only if that cannot be reached (the answer then carries a warning). Checks the architecture.
    /// </summary>
    Task<ResolvedImage> ResolveImage(string reference, IProgress<ImageProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Keeps the image from being pruned by a tag of ours, until released. One hold per name.</summary>
    Task HoldImage(string imageId, string holdName, CancellationToken cancellationToken);

    Task ReleaseImage(string holdName, CancellationToken cancellationToken);

    /// <summary>Names of all holds of this installation.</summary>
    Task<IReadOnlyList<string>> ListHolds(CancellationToken cancellationToken);

    /// <summary>Builds from a tar stream (the context) and tags the result; progress carries the engine's output lines. Answers the image id.</summary>
    Task<string> BuildImage(Stream context, ImageBuildOptions options, IProgress<string>? progress, CancellationToken cancellationToken);

    // ---- instances

    /// <summary>Makes the instance exist and run: network, holder, containers; goes on from wherever an earlier attempt ended.</summary>
    Task<EngineInstance> StartInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken);

    /// <summary>Thaws, sends SIGTERM, after the time-out SIGKILL, and removes containers, then holder. Nothing there is success.</summary>
    Task StopInstance(string instanceId, TimeSpan stopTimeout, CancellationToken cancellationToken);

    Task FreezeInstance(string instanceId, CancellationToken cancellationToken);

    Task ThawInstance(string instanceId, CancellationToken cancellationToken);

    /// <summary>All instances of this installation, complete or not.</summary>
    Task<IReadOnlyList<EngineInstance>> ListInstances(CancellationToken cancellationToken);

    Task<EngineInstance?> FindInstance(string instanceId, CancellationToken cancellationToken);

    /// <summary>TCP ports that something listens on inside the instance; empty when that cannot be known.</summary>
    Task<IReadOnlyList<int>> ListeningPorts(string instanceId, CancellationToken cancellationToken);

    /// <summary>Runs a command in a running container. Thaw first.</summary>
    Task<IExecSession> Exec(string instanceId, string containerName, ExecOptions options, CancellationToken cancellationToken);

    /// <summary>Output from the cursor on (null: from the start), in order; ends when the container is gone, or at the present end when not following.</summary>
    IAsyncEnumerable<LogLine> ReadLogs(string instanceId, string containerName, LogCursor? after, bool follow, CancellationToken cancellationToken);

    // ---- volumes

    Task EnsureVolume(string name, CancellationToken cancellationToken);

    Task RemoveVolume(string name, CancellationToken cancellationToken);

    // ---- events

    /// <summary>
    /// Changes as they happen, forever: reconnects by itself with back-off. <see cref="EngineEventKind.Connected"/> comes first and after every reconnection
    /// (list everything again then: events may have been lost), <see cref="EngineEventKind.Disconnected"/> when the engine is away.
    /// </summary>
    IAsyncEnumerable<EngineEvent> Watch(CancellationToken cancellationToken);
}

/// <param name="MemoryBytes">What the machine has.</param>
public sealed record EngineDescription(
    string Name, string Version, string ApiVersion, string Architecture, int CpuCount, long MemoryBytes, bool CanFreeze, string Socket);

/// <param name="ImageId">What containers are started from, <c>sha256:...</c>.</param>
/// <param name="Digest">The registry's digest; null for an image that only exists on the machine.</param>
/// <param name="Pinned">A reference that always means this very image: <c>name@sha256:...</c>, or the image id.</param>
/// <param name="ExposedPorts">TCP ports of EXPOSE, ascending.</param>
/// <param name="Warning">What a person should know of how it was found; null if nothing.</param>
/// <param name="Pulled">Whether layers had to be fetched.</param>
public sealed record ResolvedImage(
    string ImageId, string? Digest, string Pinned, string Architecture, long SizeBytes, IReadOnlyList<int> ExposedPorts,
    IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command, string? Warning, bool Pulled);

/// <param name="CurrentBytes">Of <paramref name="TotalBytes"/>, both 0 where unknown.</param>
public sealed record ImageProgress(string Message, long CurrentBytes, long TotalBytes);

public sealed record ImageBuildOptions(string Tag, string Dockerfile = "Dockerfile", IReadOnlyDictionary<string, string>? Arguments = null, string? Target = null);

public sealed record EngineInstance
{
    public required InstanceIdentity Identity { get; init; }

    public required EngineInstanceState State { get; init; }

    /// <summary>Where the platform reaches the port, <c>host:port</c>; null without a port or before it is known.</summary>
    public string? Endpoint { get; init; }

    public required IReadOnlyList<EngineContainer> Containers { get; init; }

    public DateTimeOffset? StartedAt { get; init; }
}

public enum EngineInstanceState
{
    /// <summary>Some part exists, but not everything has been started.</summary>
    Incomplete,
    Running,

    /// <summary>Every container is paused.</summary>
    Frozen,

    /// <summary>A container or the holder has ended.</summary>
    Exited,
}

/// <param name="ExitCode">Null while it runs.</param>
public sealed record EngineContainer(string Name, EngineContainerState State, int? ExitCode, bool OutOfMemory, string? Error, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

public enum EngineContainerState
{
    Created,
    Running,
    Paused,
    Exited,
}

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

/// <summary>Where a reader of logs stands: the engine's time stamp and how many lines with that very stamp were read (stamps repeat and "since" is inclusive).</summary>
public sealed record LogCursor(DateTimeOffset Timestamp, long Nanoseconds, int CountAtStamp);

public sealed record LogLine(DateTimeOffset Timestamp, bool IsError, string Text, LogCursor Cursor);

public sealed record ExecOptions(IReadOnlyList<string> Command, bool Terminal, int Rows = 24, int Columns = 80, IReadOnlyDictionary<string, string>? Environment = null);

public interface IExecSession : IAsyncDisposable
{
    /// <summary>Reads output: with a terminal one mixed stream. 0 bytes: ended.</summary>
    ValueTask<ExecChunk> Read(Memory<byte> buffer, CancellationToken cancellationToken);

    ValueTask Write(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>Tells the command that no more input comes.</summary>
    ValueTask CloseInput(CancellationToken cancellationToken);

    Task Resize(int rows, int columns, CancellationToken cancellationToken);

    /// <summary>The exit code, once the command has ended.</summary>
    Task<int> WaitForExit(CancellationToken cancellationToken);
}

public readonly record struct ExecChunk(int Length, bool IsError);

/// <summary>The engine refused or could not be asked.</summary>
/// <param name="message">What was attempted, on what, what was found, what to do next.</param>
public sealed class EngineException(EngineFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public EngineFailure Failure { get; } = failure;
}

public enum EngineFailure
{
    /// <summary>No answer from the engine; worth trying again when it is back.</summary>
    Unreachable,
    ImageNotFound,
    ImageDenied,
    RegistryUnreachable,
    WrongArchitecture,

    /// <summary>The command or entrypoint cannot be started (exit codes 126 and 127 of the runtime).</summary>
    CannotStart,
    DiskFull,
    NotFound,
    BuildFailed,

    /// <summary>Anything else the engine said no to.</summary>
    Refused,
}
