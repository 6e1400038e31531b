using System.Runtime.CompilerServices;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>An engine that can be asked what it is; what else a test needs, it sets.</summary>
internal sealed class FakeEngine : IContainerEngine
{
    public EngineException? Failure { get; set; }

    public List<string> Thawed { get; } = [];

    public Func<ExecOptions, IExecSession> OnExec { get; set; } = _ => throw new NotSupportedException();

    public Func<Stream, ImageBuildOptions, IProgress<string>?, CancellationToken, Task<string>> OnBuild { get; set; } = (_, _, _, _) => throw new NotSupportedException();

    public EngineInstance? Instance { get; set; }

    public Func<string, string, LogCursor?, bool, CancellationToken, IAsyncEnumerable<LogLine>> OnReadLogs { get; set; } = (_, _, _, _, _) => AsyncEnumerable.Empty<LogLine>();

    public Func<IReadOnlyCollection<string>, IReadOnlyDictionary<string, ResourceReading>> OnReadResources { get; set; } = _ => new Dictionary<string, ResourceReading>();

    public Func<string, long> OnReclaimMemory { get; set; } = _ => 0;

    public Task<EngineDescription> Describe(CancellationToken cancellationToken) => Failure is { } failure
        ? Task.FromException<EngineDescription>(failure)
        : Task.FromResult(new EngineDescription("Docker Engine", "20.10.24", "1.41", "amd64", 2, 8_000_000_000, true, "unix:///run/fake.sock"));

    public Task<string> BuildImage(Stream context, ImageBuildOptions options, IProgress<string>? progress, CancellationToken cancellationToken) =>
        OnBuild(context, options, progress, cancellationToken);

    public Task<EngineInstance?> FindInstance(string instanceId, CancellationToken cancellationToken) => Task.FromResult(Instance);

    public Task ThawInstance(string instanceId, CancellationToken cancellationToken)
    {
        Thawed.Add(instanceId);
        return Task.CompletedTask;
    }

    public Task<IExecSession> Exec(string instanceId, string containerName, ExecOptions options, CancellationToken cancellationToken) =>
        Failure is { } failure ? Task.FromException<IExecSession>(failure) : Task.FromResult(OnExec(options));

    public Task<ResolvedImage> ResolveImage(string reference, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) => Failure is { } failure
        ? Task.FromException<ResolvedImage>(failure)
        : Task.FromResult(new ResolvedImage("sha256:1234", null, "sha256:1234", "amd64", 1000, [80, 8443], [], [], null, false));

    public Task HoldImage(string imageId, string holdName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReleaseImage(string holdName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListHolds(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EngineInstance> StartInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<EngineInstance> PrepareInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StopInstance(string instanceId, TimeSpan stopTimeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task FreezeInstance(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<EngineInstance>> ListInstances(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<int>> ListeningPorts(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, ResourceReading>> ReadResources(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken) => Failure is { } failure
        ? Task.FromException<IReadOnlyDictionary<string, ResourceReading>>(failure)
        : Task.FromResult(OnReadResources(instanceIds));

    public Task<long> ReclaimMemory(string instanceId, CancellationToken cancellationToken) => Failure is { } failure
        ? Task.FromException<long>(failure)
        : Task.FromResult(OnReclaimMemory(instanceId));

    public IAsyncEnumerable<LogLine> ReadLogs(string instanceId, string containerName, LogCursor? after, bool follow, CancellationToken cancellationToken) =>
        OnReadLogs(instanceId, containerName, after, follow, cancellationToken);

    public Task EnsureVolume(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveVolume(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async IAsyncEnumerable<EngineEvent> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
