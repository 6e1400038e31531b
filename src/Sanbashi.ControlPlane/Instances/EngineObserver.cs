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
    private bool _wasConnected;

    /// <summary>The engine answers, and everything it has is known.</summary>
    public bool IsCurrent { get; private set; }

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

    /// <summary>The instance was found ended when the engine came back: the engine's end was its own, not the application's.</summary>
    public bool EndedWithEngine(string instanceId) => _endedWithEngine.ContainsKey(instanceId);

    /// <summary>What an engine call has just answered; newer than any event before it.</summary>
    public void Put(EngineInstance instance) => _instances[instance.Identity.InstanceId] = instance;

    public void Forget(string instanceId)
    {
        _instances.TryRemove(instanceId, out _);
        _endedWithEngine.TryRemove(instanceId, out _);
    }

    /// <summary>Looks at the instance again, after a call whose effect is not known.</summary>
    public async Task Refresh(string instanceId, CancellationToken cancellationToken)
    {
        if (await engine.FindInstance(instanceId, cancellationToken) is { } instance)
        {
            Put(instance);
        }
        else
        {
            Forget(instanceId);
        }
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        await foreach (var change in engine.Watch(cancellationToken))
        {
            switch (change.Kind)
            {
                case EngineEventKind.Connected:
                    await ListEverything(cancellationToken);
                    break;
                case EngineEventKind.Disconnected:
                    IsCurrent = false;
                    EngineObserverLog.Disconnected(logger, change.Detail ?? "no reason given");
                    EngineChanged?.Invoke(false);
                    break;
                default:
                    await LookAt(change, cancellationToken);
                    break;
            }
        }
    }

    private async Task ListEverything(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var found = await engine.ListInstances(cancellationToken);
                var ids = found.Select(instance => instance.Identity.InstanceId).ToHashSet(StringComparer.Ordinal);
                foreach (var gone in _instances.Keys.Where(id => !ids.Contains(id)).ToList())
                {
                    Forget(gone);
                }

                foreach (var instance in found)
                {
                    var id = instance.Identity.InstanceId;
                    var ran = !_wasConnected || (_instances.TryGetValue(id, out var before) && before.State is EngineInstanceState.Running or EngineInstanceState.Frozen);
                    if (instance.State == EngineInstanceState.Exited && ran)
                    {
                        _endedWithEngine[id] = true;
                    }

                    Put(instance);
                }

                _wasConnected = true;
                IsCurrent = true;
                EngineObserverLog.Connected(logger, found.Count);
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

    private async Task LookAt(EngineEvent change, CancellationToken cancellationToken)
    {
        if (change.InstanceId is not { } id)
        {
            return;
        }

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
}
