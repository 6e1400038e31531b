using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>
/// What the engine has, kept current by its events: everything is listed when the connection comes up, single instances are looked at when something
/// happens to them. Nothing here is kept that could not be read again.
/// </summary>
public sealed class EngineObserver(IContainerEngine engine, TimeProvider time, ILogger<EngineObserver> logger)
{
    /// <summary>Between attempts to list after the engine said it is there but failed to answer.</summary>
    private static readonly TimeSpan _retryAfter = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, EngineInstance> _instances = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _endedWithEngine = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<Look> _looks = [];

    /// <summary>Instances that something has happened to and that have not been looked at since, in the order of their first event.</summary>
    private readonly Queue<EngineEvent> _happened = new();
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);
    private Task _looking = Task.CompletedTask;
    private bool _isLooking;
    private bool _wasConnected;

    /// <summary>The engine answers, and everything it has is known.</summary>
    public bool IsCurrent { get; private set; }

    /// <summary>Why the engine is away; null while it is not, and before it was asked first.</summary>
    public string? AwayReason { get; private set; }

    /// <summary>A service's instances have changed.</summary>
    public event Action<string>? ServiceChanged;

    /// <summary>The engine came or went.</summary>
    public event Action<bool>? EngineChanged;

    public IReadOnlyList<EngineInstance> Of(string serviceId) =>
        [
            .. _instances.Values
                .Where(instance => instance.Identity.ServiceId == serviceId)
                // In an order that does not depend on hashing, so that runs can be repeated.
                .OrderBy(instance => instance.Identity.InstanceId, StringComparer.Ordinal),
        ];

    public IReadOnlyCollection<EngineInstance> All => [.. _instances.Values];

    public EngineInstance? Find(string instanceId) => _instances.GetValueOrDefault(instanceId);

    /// <summary>Whether the instance has certainly ended: false while the engine is away.</summary>
    public bool IsGone(string instanceId) => IsCurrent && Find(instanceId) is null or { State: EngineInstanceState.Exited };

    /// <summary>The instance was found ended when the engine came back: the engine's end was its own, not the application's.</summary>
    public bool EndedWithEngine(string instanceId) => _endedWithEngine.ContainsKey(instanceId);

    /// <summary>The instance was removed by a call of ours.</summary>
    public void Forget(string instanceId) => Take(null, instanceId, null);

    /// <summary>Looks at the instance, after a call that has changed it.</summary>
    public async Task Refresh(string instanceId, CancellationToken cancellationToken)
    {
        bool isTaken;
        do
        {
            var look = Begin();
            try
            {
                isTaken = Take(look, instanceId, await engine.FindInstance(instanceId, cancellationToken));
            }
            finally
            {
                End(look);
            }
        }
        while (!isTaken);
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        await foreach (var change in engine.Watch(cancellationToken))
        {
            switch (change.Kind)
            {
                case EngineEventKind.Connected:
                    await _looking;
                    await ListEverything(cancellationToken);
                    break;
                case EngineEventKind.Disconnected:
                    await _looking;
                    IsCurrent = false;
                    AwayReason = change.Detail ?? "no reason given";
                    BlameEngine();
                    EngineObserverLog.Disconnected(logger, AwayReason);
                    EngineChanged?.Invoke(false);
                    break;
                default:
                    LookSoon(change, cancellationToken);
                    break;
            }
        }

        await _looking;
    }

    /// <summary>What has ended and was not cleared away before the engine went, went with it: it stops its containers before it closes its connections.</summary>
    private void BlameEngine()
    {
        foreach (var (id, instance) in _instances)
        {
            if (instance.State == EngineInstanceState.Exited)
            {
                _endedWithEngine[id] = true;
            }
        }
    }

    private async Task ListEverything(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var count = await List(cancellationToken);
                _wasConnected = true;
                IsCurrent = true;
                AwayReason = null;
                EngineObserverLog.Connected(logger, count);
                EngineChanged?.Invoke(true);
                return;
            }
            catch (EngineException failure)
            {
                EngineObserverLog.ListFailed(logger, failure.Message);
                await Task.Delay(_retryAfter, time, cancellationToken);
            }
        }
    }

    private async Task<int> List(CancellationToken cancellationToken)
    {
        var look = Begin();
        IReadOnlyList<EngineInstance> found;
        try
        {
            found = await engine.ListInstances(cancellationToken);
            TakeAll(look, found);
        }
        finally
        {
            End(look);
        }

        foreach (var id in look.Outdated)
        {
            await Refresh(id, cancellationToken);
        }

        return found.Count;
    }

    private void TakeAll(Look look, IReadOnlyList<EngineInstance> found)
    {
        var listed = found.ToDictionary(instance => instance.Identity.InstanceId, StringComparer.Ordinal);
        foreach (var id in _instances.Keys.Union(listed.Keys).ToList())
        {
            var instance = listed.GetValueOrDefault(id);
            var ran = !_wasConnected || (_instances.TryGetValue(id, out var before) && before.State is EngineInstanceState.Running or EngineInstanceState.Frozen);
            if (Take(look, id, instance) && instance?.State == EngineInstanceState.Exited && ran)
            {
                _endedWithEngine[id] = true;
            }
        }
    }

    private Look Begin()
    {
        var look = new Look();
        lock (_gate)
        {
            _looks.Add(look);
        }

        return look;
    }

    private void End(Look look)
    {
        lock (_gate)
        {
            _looks.Remove(look);
        }
    }

    /// <summary>
    /// Takes over what was found. False when something else was learned of the instance while the look was under way: whichever of the two the engine
    /// answered first, nobody knows, so it has to be looked at again.
    /// </summary>
    private bool Take(Look? look, string instanceId, EngineInstance? found)
    {
        lock (_gate)
        {
            if (look is not null && look.Outdated.Contains(instanceId))
            {
                return false;
            }

            foreach (var other in _looks.Where(other => other != look))
            {
                other.Outdated.Add(instanceId);
            }

            if (found is null)
            {
                _instances.TryRemove(instanceId, out _);
                _endedWithEngine.TryRemove(instanceId, out _);
            }
            else
            {
                _instances[instanceId] = found;
            }

            return true;
        }
    }

    /// <summary>
    /// Several events in the making of an instance come while another one is being looked at: one look tells what all of them tell. Only the loop over the events
    /// calls this.
    /// </summary>
    private void LookSoon(EngineEvent change, CancellationToken cancellationToken)
    {
        if (change.InstanceId is not { } id)
        {
            return;
        }

        lock (_gate)
        {
            if (!_awaited.Add(id))
            {
                return;
            }

            _happened.Enqueue(change);
            if (_isLooking)
            {
                return;
            }

            _isLooking = true;
        }

        _looking = LookAtWhatHappened(cancellationToken);
    }

    private async Task LookAtWhatHappened(CancellationToken cancellationToken)
    {
        while (true)
        {
            EngineEvent change;
            lock (_gate)
            {
                if (!_happened.TryDequeue(out change!))
                {
                    _isLooking = false;
                    return;
                }

                // What happens from now on takes another look.
                _awaited.Remove(change.InstanceId!);
            }

            await LookAt(change, change.InstanceId!, cancellationToken);
        }
    }

    private async Task LookAt(EngineEvent change, string id, CancellationToken cancellationToken)
    {
        try
        {
            await Refresh(id, cancellationToken);
        }
        catch (EngineException failure)
        {
            // The engine is going away: what it has is listed again when it is back.
            EngineObserverLog.LookFailed(logger, id, failure.Message);
        }

        if (change.ServiceId is { } serviceId)
        {
            ServiceChanged?.Invoke(serviceId);
        }
    }

    /// <summary>A question to the engine that is under way.</summary>
    private sealed class Look
    {
        /// <summary>Instances of which something else was learned meanwhile.</summary>
        public HashSet<string> Outdated { get; } = new(StringComparer.Ordinal);
    }
}
