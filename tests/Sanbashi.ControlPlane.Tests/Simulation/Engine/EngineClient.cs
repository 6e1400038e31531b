using System.Runtime.CompilerServices;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>
/// The engine as one process uses it. Calls are made of single requests, as a real client's are: a killed process leaves them half done, a request on its way
/// takes effect nevertheless, and an answer may be lost.
/// </summary>
internal sealed class EngineClient(World world, SimulatedProcess process) : IContainerEngine
{
    private readonly SimulatedEngine _engine = world.Engine;

    public Task<EngineDescription> Describe(CancellationToken cancellationToken) =>
        Ask("describe", world.Skewed(1, 5), () => new EngineDescription("simulated", "1", "1.44", "amd64", 2, 1L << 33, true, "-"), cancellationToken);

    public async Task<ResolvedImage> ResolveImage(string reference, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        await Ask("inspect image", world.Skewed(1, 20), () => true, cancellationToken);
        progress?.Report(new ImageProgress("Pulling", 1, 2));
        return await Ask("pull", world.Skewed(1, 20_000), () => Images.Resolve(reference), cancellationToken);
    }

    public Task HoldImage(string imageId, string holdName, CancellationToken cancellationToken) =>
        Ask("hold", world.Skewed(1, 20), () => _engine.Holds[holdName] = imageId, cancellationToken);

    public Task ReleaseImage(string holdName, CancellationToken cancellationToken) =>
        Ask("release", world.Skewed(1, 20), () => _engine.Holds.Remove(holdName), cancellationToken);

    public Task<IReadOnlyList<string>> ListHolds(CancellationToken cancellationToken) =>
        Ask<IReadOnlyList<string>>("list holds", world.Skewed(1, 20), () => [.. _engine.Holds.Keys], cancellationToken);

    public async Task<EngineInstance> StartInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken)
    {
        var id = identity.InstanceId;
        if (await MakeHolderAndContainer(identity, cancellationToken) is { } ended)
        {
            return ended;
        }

        await Ask("start container", world.Skewed(60, 3000), () => Do(() => _engine.StartContainer(id, spec.Containers[0].Image)), cancellationToken);
        return await FindInstance(id, cancellationToken) ?? throw new EngineException(EngineFailure.NotFound, $"Instance {id} is gone.");
    }

    public async Task<EngineInstance> PrepareInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) =>
        await MakeHolderAndContainer(identity, cancellationToken)
        ?? await FindInstance(identity.InstanceId, cancellationToken)
        ?? throw new EngineException(EngineFailure.NotFound, $"Instance {identity.InstanceId} is gone.");

    /// <summary>Null when both are there; the instance as it is when it has ended already.</summary>
    private async Task<EngineInstance?> MakeHolderAndContainer(InstanceIdentity identity, CancellationToken cancellationToken)
    {
        var id = identity.InstanceId;
        world.Invariants.OnMaking(_engine.Find(id));
        var before = await FindInstance(id, cancellationToken);
        if (_engine.Find(id) is { Holder: PartState.Ended })
        {
            if (before is { Containers.Count: > 0 } && before.Containers[0].State != EngineContainerState.Created)
            {
                return before;
            }

            await Remove(id, cancellationToken);
        }

        await Ask("create holder", world.Skewed(5, 60), () => Do(() => _engine.CreateHolder(identity)), cancellationToken);
        var starting = Ask("start holder", world.Skewed(60, 3000), () => Do(() => _engine.StartHolder(id)), cancellationToken);
        var creating = Ask("create container", world.Skewed(5, 60), () => Do(() => _engine.CreateContainer(id)), cancellationToken);
        await Task.WhenAll(starting, creating);
        return null;
    }

    public async Task StopInstance(string instanceId, TimeSpan stopTimeout, CancellationToken cancellationToken)
    {
        if (await FindInstance(instanceId, cancellationToken) is { State: EngineInstanceState.Running or EngineInstanceState.Frozen } instance)
        {
            if (instance.State == EngineInstanceState.Frozen)
            {
                await ThawInstance(instanceId, cancellationToken);
            }

            var time = await Ask("stop", world.Skewed(1, 20), () => _engine.BeginStop(instanceId, stopTimeout), cancellationToken);
            await Ask("wait for the end", time + world.Skewed(1, 20), () => true, cancellationToken, isFaulty: false);
        }

        await Remove(instanceId, cancellationToken);
    }

    public Task FreezeInstance(string instanceId, CancellationToken cancellationToken) =>
        Ask("pause", world.Skewed(5, 200), () => Do(() => _engine.Pause(instanceId)), cancellationToken);

    public Task ThawInstance(string instanceId, CancellationToken cancellationToken) =>
        Ask("unpause", world.Skewed(5, 200), () => Do(() => _engine.Unpause(instanceId)), cancellationToken);

    public Task<IReadOnlyList<EngineInstance>> ListInstances(CancellationToken cancellationToken) =>
        Ask<IReadOnlyList<EngineInstance>>("list", world.Skewed(1, 100), () => [.. _engine.Instances.Select(instance => instance.View())], cancellationToken);

    public Task<EngineInstance?> FindInstance(string instanceId, CancellationToken cancellationToken) =>
        Ask("inspect", world.Skewed(1, 20), () => _engine.Find(instanceId)?.View(), cancellationToken);

    public Task<IReadOnlyList<int>> ListeningPorts(string instanceId, CancellationToken cancellationToken) =>
        Ask("list ports", world.Skewed(1, 20), () => _engine.Find(instanceId)?.Application?.OtherPorts ?? [], cancellationToken);

    public async IAsyncEnumerable<EngineEvent> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscription = _engine.Subscribe(process);
        while (true)
        {
            yield return await subscription.Next(cancellationToken);
        }
    }

    public Task<string> BuildImage(Stream context, ImageBuildOptions options, IProgress<string>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, ResourceReading>> ReadResources(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> ReclaimMemory(string instanceId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IExecSession> Exec(string instanceId, string containerName, ExecOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<LogLine> ReadLogs(string instanceId, string containerName, LogCursor? after, bool follow, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task EnsureVolume(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveVolume(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task Remove(string instanceId, CancellationToken cancellationToken)
    {
        await Ask("remove container", world.Skewed(5, 500), () => Do(() => _engine.RemoveContainer(instanceId)), cancellationToken);
        await Ask("remove holder", world.Skewed(5, 500), () => Do(() => _engine.RemoveHolder(instanceId)), cancellationToken);
    }

    private static bool Do(Action action)
    {
        action();
        return true;
    }

    private async Task<T> Ask<T>(string call, TimeSpan time, Func<T> effect, CancellationToken cancellationToken, bool isFaulty = true)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var fault = isFaulty ? world.Faults.OfEngineCall(call) : EngineFault.None;
        var answer = new TaskCompletionSource<T>();
        world.Later(time, () =>
        {
            Action end;
            try
            {
                end = Answer(call, fault, effect, answer);
            }
            catch (EngineException failure)
            {
                end = () => answer.TrySetException(failure);
            }

            world.Send(process, world.Skewed(0.1, 50), end);
        });
        using var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        return await answer.Task;
    }

    private Action Answer<T>(string call, EngineFault fault, Func<T> effect, TaskCompletionSource<T> answer)
    {
        if (!_engine.IsUp || fault == EngineFault.RequestLost)
        {
            return () => answer.TrySetException(new EngineException(EngineFailure.Unreachable, $"The engine did not answer ({call})."));
        }

        if (fault == EngineFault.Refused)
        {
            return () => answer.TrySetException(new EngineException(EngineFailure.Refused, $"The engine refuses ({call})."));
        }

        var result = effect();
        return fault == EngineFault.AnswerLost
            ? () => answer.TrySetException(new EngineException(EngineFailure.Unreachable, $"The engine's answer was lost ({call})."))
            : () => answer.TrySetResult(result);
    }
}
