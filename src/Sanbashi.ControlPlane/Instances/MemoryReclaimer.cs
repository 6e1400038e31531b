using Microsoft.Extensions.Logging;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>
/// Offers the memory of instances that have long been frozen back to the machine, once for each sleep. What they need again they read again when they wake, so
/// this waits until a wake soon has become unlikely.
/// </summary>
/// <param name="instances">What the engine has, from memory: the same object for as long as nothing has happened to an instance.</param>
public sealed class MemoryReclaimer(IContainerEngine engine, Func<IReadOnlyCollection<EngineInstance>> instances, TimeProvider time, ILogger<MemoryReclaimer> logger)
{
    /// <summary>How long an instance has been frozen when its memory is offered.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private Dictionary<string, Sleep> _sleeps = new(StringComparer.Ordinal);

    /// <summary>Runs until cancelled, which it answers by ending.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await Reclaim(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>One round.</summary>
    public async Task Reclaim(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var frozen = instances().Where(instance => instance.State == EngineInstanceState.Frozen);
        _sleeps = frozen.Select(instance => Continued(instance, now)).ToDictionary(sleep => sleep.Instance.Identity.InstanceId, StringComparer.Ordinal);
        foreach (var sleep in _sleeps.Values.Where(sleep => !sleep.IsOffered && time.GetElapsedTime(sleep.Since, now) >= After))
        {
            try
            {
                sleep.Bytes = await engine.ReclaimMemory(sleep.Instance.Identity.InstanceId, cancellationToken);
                sleep.IsOffered = true;
            }
            catch (EngineException failure)
            {
                MemoryReclaimerLog.NotReclaimed(logger, sleep.Instance.Identity.InstanceId, failure.Message);
                return;
            }
        }

        if (_sleeps.Values.Where(sleep => sleep.Bytes > 0).ToList() is { Count: > 0 } fresh)
        {
            MemoryReclaimerLog.Reclaimed(logger, fresh.Sum(sleep => sleep.Bytes) / 1024, fresh.Count);
            fresh.ForEach(sleep => sleep.Bytes = 0);
        }
    }

    /// <summary>The sleep that is known, when nothing has happened to the instance since; otherwise it may have been awake in between.</summary>
    private Sleep Continued(EngineInstance instance, long now) =>
        _sleeps.TryGetValue(instance.Identity.InstanceId, out var known) && ReferenceEquals(known.Instance, instance) ? known : new Sleep(instance, now);

    private sealed class Sleep(EngineInstance instance, long since)
    {
        public EngineInstance Instance => instance;

        public long Since => since;

        public bool IsOffered { get; set; }

        /// <summary>What came back and has not been told yet.</summary>
        public long Bytes { get; set; }
    }
}
