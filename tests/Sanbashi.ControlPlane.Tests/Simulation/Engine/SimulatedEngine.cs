using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>What the engine does with single requests. Requests take effect at once and whole; between two of them anything may happen.</summary>
internal sealed class SimulatedEngine(World world)
{
    private readonly Dictionary<string, SimulatedInstance> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedInstance> _byAddress = new(StringComparer.Ordinal);
    private readonly List<EngineSubscription> _subscriptions = [];
    private int _addresses;

    public bool IsUp { get; private set; } = true;

    public Dictionary<string, string> Holds { get; } = new(StringComparer.Ordinal);

    public IEnumerable<SimulatedInstance> Instances => _instances.Values;

    public SimulatedInstance? Find(string id) => _instances.GetValueOrDefault(id);

    public SimulatedInstance? At(string address) => _byAddress.GetValueOrDefault(address);

    // ---- requests

    public void CreateHolder(InstanceIdentity identity)
    {
        if (_instances.ContainsKey(identity.InstanceId))
        {
            return;
        }

        var address = $"10.213.{++_addresses / 250}.{_addresses % 250}:8080";
        var instance = new SimulatedInstance(identity, address);
        _instances.Add(identity.InstanceId, instance);
        _byAddress.Add(address, instance);
        Note(instance, "holder created");
    }

    public void StartHolder(string id)
    {
        var instance = Get(id);
        if (instance.Holder is PartState.Created or PartState.Ended)
        {
            instance.Holder = PartState.Running;
        }
    }

    public void CreateContainer(string id)
    {
        var instance = Get(id);
        if (instance.Container == PartState.Missing)
        {
            instance.Container = PartState.Created;
        }
    }

    public void StartContainer(string id, string image)
    {
        var instance = Get(id);
        if (instance.Container != PartState.Created)
        {
            return;
        }

        if (instance.Holder != PartState.Running)
        {
            throw new EngineException(EngineFailure.Refused, $"Cannot join the network of holder {instance.Short}, which is not running.");
        }

        if (Images.Kind(image) == ImageKind.NoCommand)
        {
            (instance.Container, instance.ExitCode, instance.Error) = (PartState.Ended, 127, "no such file");
            throw new EngineException(EngineFailure.CannotStart, "exec: no such file");
        }

        instance.Container = PartState.Running;
        instance.Start++;
        instance.StartedAt = world.Clock.Now;
        instance.Application = Application.Start(world, image);
        instance.Unprove();
        Note(instance, "started");
        Tell(EngineEventKind.Started, instance);
        if (instance.Application.EndsAt is { } end)
        {
            EndLater(instance, end - world.Now, instance.Application.ExitCode);
        }
    }

    /// <summary>Sends SIGTERM, or SIGKILL when there is no time left. Answers when it will have ended.</summary>
    public TimeSpan BeginStop(string id, TimeSpan timeout)
    {
        if (Find(id) is not { Container: PartState.Running } instance)
        {
            return TimeSpan.Zero;
        }

        if (!instance.IsEnding)
        {
            world.Invariants.OnStopping(instance, "stopped");
            instance.IsEnding = true;
            Note(instance, "SIGTERM");
        }

        var time = instance.Application!.TermTime < timeout ? instance.Application.TermTime : timeout;
        EndLater(instance, time, 143);
        return time;
    }

    public void Pause(string id)
    {
        var instance = Get(id);
        if (instance.Container != PartState.Running)
        {
            if (instance.Container != PartState.Paused)
            {
                throw new EngineException(EngineFailure.Refused, $"Container of {instance.Short} is not running.");
            }

            return;
        }

        world.Invariants.OnStopping(instance, "frozen");
        instance.Container = PartState.Paused;
        instance.FallAsleep();
        Note(instance, "frozen");
        Tell(EngineEventKind.Frozen, instance);
    }

    public void Unpause(string id)
    {
        var instance = Get(id);
        if (instance.Container == PartState.Paused)
        {
            instance.Container = PartState.Running;
            instance.WasWoken = world.Invariants.IsActive(instance);
            instance.Unprove();
            Note(instance, "thawed");
            Tell(EngineEventKind.Thawed, instance);
        }
    }

    public void RemoveContainer(string id)
    {
        if (Find(id) is not { } instance || instance.Container == PartState.Missing)
        {
            return;
        }

        if (instance.Container == PartState.Running)
        {
            world.Invariants.OnStopping(instance, "removed");
        }

        End(instance, 137);
        instance.Container = PartState.Missing;
        Tell(EngineEventKind.Removed, instance);
    }

    public void RemoveHolder(string id)
    {
        if (Find(id) is not { } instance)
        {
            return;
        }

        _instances.Remove(id);
        _byAddress.Remove(instance.Address);
        instance.Holder = PartState.Missing;
        Note(instance, "removed");
        Tell(EngineEventKind.Removed, instance);
    }

    // ---- what happens by itself

    public EngineSubscription Subscribe(SimulatedProcess process)
    {
        var subscription = new EngineSubscription(world, process);
        _subscriptions.RemoveAll(other => !other.IsAlive);
        _subscriptions.Add(subscription);
        subscription.Break(world.Between(1, 50));
        return subscription;
    }

    public void BreakEventStreams(TimeSpan reconnectAfter)
    {
        foreach (var subscription in _subscriptions.Where(subscription => subscription.IsAlive))
        {
            subscription.Break(reconnectAfter);
        }
    }

    public void GoDown(bool hasLiveRestore)
    {
        world.Trace.Note($"engine goes down{(hasLiveRestore ? ", its containers stay" : "")}");
        IsUp = false;
        BreakEventStreams(world.Between(100, 2000));
        foreach (var instance in hasLiveRestore ? [] : _instances.Values.ToList())
        {
            End(instance, 137);
            instance.Holder = instance.Holder == PartState.Running ? PartState.Ended : instance.Holder;
        }
    }

    public void ComeUp()
    {
        world.Trace.Note($"engine is back");
        IsUp = true;
    }

    /// <summary>The container, or with the holder everything, ends without having been asked to.</summary>
    public void Kill(SimulatedInstance instance, bool withHolder)
    {
        instance.OutOfMemory = !withHolder && world.Chance(0.3);
        if (withHolder)
        {
            instance.Holder = PartState.Ended;
        }

        End(instance, 137);
    }

    private void EndLater(SimulatedInstance instance, TimeSpan delay, int exitCode)
    {
        var start = instance.Start;
        world.Later(delay, () =>
        {
            if (instance.Start != start)
            {
                return;
            }

            if (instance.Container == PartState.Paused)
            {
                // A frozen process does not come to its end.
                EndLater(instance, TimeSpan.FromSeconds(1), exitCode);
                return;
            }

            instance.OutOfMemory |= instance.Application is { OutOfMemory: true } && !instance.IsEnding;
            End(instance, exitCode);
        });
    }

    private void End(SimulatedInstance instance, int exitCode)
    {
        if (instance.Container is not (PartState.Running or PartState.Paused))
        {
            return;
        }

        instance.Container = PartState.Ended;
        instance.ExitCode = exitCode;
        instance.Unprove();
        Note(instance, $"ended with {exitCode}");
        foreach (var gateway in world.Gateways)
        {
            gateway.Reset(instance);
        }

        if (instance.OutOfMemory)
        {
            Tell(EngineEventKind.OutOfMemory, instance);
        }

        Tell(EngineEventKind.Exited, instance, exitCode);
    }

    private SimulatedInstance Get(string id) => Find(id) ?? throw new EngineException(EngineFailure.NotFound, $"No such container: {id[..8]}.");

    private void Tell(EngineEventKind kind, SimulatedInstance instance, int? exitCode = null)
    {
        var happened = new EngineEvent(kind, instance.Id, instance.Identity.ServiceId, ContainerSpec.Main, exitCode);
        foreach (var subscription in _subscriptions.Where(subscription => subscription.IsAlive))
        {
            subscription.Send(happened);
        }
    }

    private void Note(SimulatedInstance instance, string what) =>
        world.Trace.Note($"  engine: {instance.Short} of {instance.Identity.ServiceName} revision {instance.Identity.Revision} {what}");
}
