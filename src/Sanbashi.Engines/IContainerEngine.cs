using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines;

/// <summary>
/// What runs containers, in terms of instances, images, networks, volumes and events. Every call is idempotent; objects of another installation are
/// never listed nor touched. Failures are <see cref="EngineException"/> with a kind.
/// </summary>
public interface IContainerEngine : IAsyncDisposable
{
    Task<EngineDescription> Describe(CancellationToken cancellationToken);

    /// <summary>
    /// Whether a new connection is accepted. An engine that is being stopped refuses those first, then ends its containers, and on connections that it has
    /// goes on answering and telling as if nothing were the matter: this is how to know whose doing an end was.
    /// </summary>
    Task<bool> AcceptsConnections(CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>Whether instances reach the platform at <see cref="PlatformVariables.EndpointAddress"/>, each with its own address as the source.</summary>
    Task<bool> HasInstanceEndpoint(CancellationToken cancellationToken) => Task.FromResult(false);

    // ---- images

    /// <summary>
    /// Finds out what a reference means now and makes it present on the machine: a bare name is local first; a name with a registry is asked there first,
    /// locally only if that cannot be reached (the answer then carries a warning). Checks the architecture.
    /// </summary>
    Task<ResolvedImage> ResolveImage(string reference, IProgress<ImageProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Keeps the image from being pruned by a tag of ours, until released. One hold per name.</summary>
    /// <param name="holdName">Becomes a tag: letters, digits, <c>_</c>, <c>.</c>, <c>-</c>, at most 128.</param>
    Task HoldImage(string imageId, string holdName, CancellationToken cancellationToken);

    /// <summary>Lets go of an image; it is removed when this was its last name and no container uses it. Nothing held is success.</summary>
    Task ReleaseImage(string holdName, CancellationToken cancellationToken);

    /// <summary>Names of all holds of this installation.</summary>
    Task<IReadOnlyList<string>> ListHolds(CancellationToken cancellationToken);

    /// <summary>Builds from a tar stream (the context) and tags the result; progress carries the engine's output lines. Answers the image id.</summary>
    Task<string> BuildImage(Stream context, ImageBuildOptions options, IProgress<string>? progress, CancellationToken cancellationToken);

    // ---- instances

    /// <summary>
    /// Makes the instance exist and run: network, holder, containers; goes on from wherever an earlier attempt ended, and thaws what is frozen. A container
    /// that ran and ended is not started again: the answer then says <see cref="EngineInstanceState.Exited"/>, and replacing it is the caller's decision.
    /// </summary>
    /// <exception cref="EngineException"><see cref="EngineFailure.CannotStart"/>: the command does not exist or is not executable. What was made stays, for its logs, until the instance is stopped.</exception>
    Task<EngineInstance> StartInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the instance up to the point where its containers only have to be started: <see cref="EngineInstanceState.Standby"/>. What runs already is left as
    /// it is.
    /// </summary>
    Task<EngineInstance> PrepareInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken);

    /// <summary>Thaws, sends SIGTERM, after the time-out SIGKILL, and removes containers, then holder. Nothing there is success.</summary>
    Task StopInstance(string instanceId, TimeSpan stopTimeout, CancellationToken cancellationToken);

    /// <summary>Stops all its processes where they are; frozen already is success. A program that has ended cannot be frozen.</summary>
    Task FreezeInstance(string instanceId, CancellationToken cancellationToken);

    /// <summary>Lets its processes go on; running already is success.</summary>
    Task ThawInstance(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// Offers the memory of a frozen instance to the machine: file pages it can read again, and what the machine has swap for. Answers how many bytes came back;
    /// 0 where the kernel has no way (control groups of version 1, before Linux 5.19) or the engine is elsewhere. An instance that is not frozen is left alone.
    /// </summary>
    Task<long> ReclaimMemory(string instanceId, CancellationToken cancellationToken);

    /// <summary>All instances of this installation, complete or not.</summary>
    Task<IReadOnlyList<EngineInstance>> ListInstances(CancellationToken cancellationToken);

    Task<EngineInstance?> FindInstance(string instanceId, CancellationToken cancellationToken);

    /// <summary>TCP ports that something listens on inside the instance; empty when that cannot be known.</summary>
    Task<IReadOnlyList<int>> ListeningPorts(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// What these instances use now, each as the sum of its containers; nothing is woken by it. Those that do not run, or cannot be read, are not in the answer.
    /// One call at a time.
    /// </summary>
    Task<IReadOnlyDictionary<string, ResourceReading>> ReadResources(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken);

    /// <summary>Runs a command in a running container. Thaw first.</summary>
    Task<IExecSession> Exec(string instanceId, string containerName, ExecOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Output from the cursor on (null: from the start), in order; ends when the container ends, or at the present end when not following. Where the engine
    /// has dropped lines before they were read, a line of ours says so.
    /// </summary>
    IAsyncEnumerable<LogLine> ReadLogs(string instanceId, string containerName, LogCursor? after, bool follow, CancellationToken cancellationToken);

    // ---- networks

    /// <summary>
    /// Makes the networks of VPCs be as they are wanted, takes away those that are wanted no more and that nothing is attached to, and puts the packet filter in step with what is
    /// attached. Instances whose spec names a VPC wait for the first design.
    /// </summary>
    /// <returns>Where they are.</returns>
    /// <exception cref="EngineException"><see cref="EngineFailure.Refused"/>: this machine cannot filter packets, and without that there are no such networks.</exception>
    Task<IReadOnlyList<NetworkPlace>> ApplyNetworks(NetworkDesign design, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<NetworkPlace>>([]);

    // ---- volumes

    Task EnsureVolume(string name, CancellationToken cancellationToken);

    Task RemoveVolume(string name, CancellationToken cancellationToken);

    // ---- events

    /// <summary>
    /// Changes as they happen, forever: reconnects by itself with back-off. <see cref="EngineEventKind.Connected"/> comes first and after every reconnection
    /// (list everything again then: events may have been lost), <see cref="EngineEventKind.Disconnected"/> when the engine is away; that comes first if it is
    /// away from the beginning. Events of the holder have no container name: its end is the instance's end, its removal the instance's removal.
    /// </summary>
    IAsyncEnumerable<EngineEvent> Watch(CancellationToken cancellationToken);
}
