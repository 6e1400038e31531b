using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>Probes every running instance: every few milliseconds while it starts, then at the configured interval.</summary>
public sealed class HealthMonitor(IHealthProber prober, IContainerEngine engine, TimeProvider time, ILogger<HealthMonitor> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    /// <summary>Begins to probe the instance, from unproven; does nothing if it is probed already.</summary>
    /// <param name="wasWell">It was healthy and has only slept since: it counts as healthy until a probe says otherwise.</param>
    /// <param name="onChange">Called whenever the planner may decide differently.</param>
    public void Track(string instanceId, string endpoint, HealthCheck check, InstanceProtocol protocol, bool wasWell, Action onChange)
    {
        if (_watches.ContainsKey(instanceId))
        {
            return;
        }

        var watch = new Watch(endpoint, check, protocol, onChange);
        if (wasWell)
        {
            watch.Health = watch.Health with { State = watch.Health.State with { Status = HealthStatus.Healthy, HealthySince = time.GetUtcNow() } };
        }

        if (_watches.TryAdd(instanceId, watch))
        {
            watch.Loop = Run(instanceId, watch);
        }
    }

    /// <summary>Forgets the instance: it was frozen or is gone.</summary>
    public void Untrack(string instanceId)
    {
        if (_watches.TryRemove(instanceId, out var watch))
        {
            watch.Stop.Cancel();
        }
    }

    /// <summary>Probes at once instead of after the interval, and reports the result even if it is the same as before.</summary>
    public void Hurry(string instanceId)
    {
        if (_watches.TryGetValue(instanceId, out var watch))
        {
            watch.Hurry.TrySetResult(true);
        }
    }

    public InstanceHealth Of(string instanceId) =>
        _watches.TryGetValue(instanceId, out var watch) ? watch.Health : InstanceHealth.Unknown;

    public async ValueTask DisposeAsync()
    {
        var loops = _watches.Values.Select(watch => watch.Loop).ToList();
        foreach (var id in _watches.Keys)
        {
            Untrack(id);
        }

        await Task.WhenAll(loops);
    }

    private async Task Run(string instanceId, Watch watch)
    {
        var pace = new ProbePace(watch.Check, time.GetUtcNow());
        try
        {
            var wasHurried = false;
            while (!watch.Stop.IsCancellationRequested)
            {
                // Made before the probe: a wish that comes while it runs is for the next one.
                watch.Hurry = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                var result = await prober.Probe(watch.Endpoint, watch.Check, watch.Protocol, watch.Stop.Token);
                var now = time.GetUtcNow();
                var before = watch.Health;
                watch.Health = before with { State = before.State.Next(result, watch.Check, now), LastProbeAt = now };
                if (pace.ShallLookForOtherPorts(watch.Health.State, result, now))
                {
                    await LookForOtherPorts(instanceId, watch);
                }

                if (wasHurried || IsNews(before, watch.Health))
                {
                    watch.OnChange();
                }

                wasHurried = await Pause(watch, pace.Next(watch.Health.State, result, now));
            }
        }
        catch (OperationCanceledException) when (watch.Stop.IsCancellationRequested)
        {
            // Untracked: nobody asks for this instance any more.
        }
        finally
        {
            watch.Stop.Dispose();
        }
    }

    private async Task LookForOtherPorts(string instanceId, Watch watch)
    {
        try
        {
            var ports = await engine.ListeningPorts(instanceId, watch.Stop.Token);
            var known = watch.Health.OtherPorts;
            watch.Health = watch.Health with
            {
                OtherPorts = ports,
                OtherPortsSince = ports.Count == 0 ? null : known.SequenceEqual(ports) ? watch.Health.OtherPortsSince : time.GetUtcNow(),
            };
        }
        catch (EngineException failure)
        {
            // Only a hint for people; the next look may succeed.
            HealthLog.PortsUnknown(logger, instanceId, failure.Message);
        }
    }

    /// <summary>True when the pause was cut short.</summary>
    private async Task<bool> Pause(Watch watch, TimeSpan interval)
    {
        var hurry = watch.Hurry;
        using var timer = time.CreateTimer(static hurry => ((TaskCompletionSource<bool>)hurry!).TrySetResult(false), hurry, interval, Timeout.InfiniteTimeSpan);
        using var stop = watch.Stop.Token.UnsafeRegister(static hurry => ((TaskCompletionSource<bool>)hurry!).TrySetCanceled(), hurry);
        return await hurry.Task;
    }

    private static bool IsNews(InstanceHealth before, InstanceHealth after) =>
        before.State.Status != after.State.Status
        || before.State.AnswersBadlySince is null != after.State.AnswersBadlySince is null
        || before.OtherPortsSince != after.OtherPortsSince
        || before.LastProbeAt is null
        // While it is not healthy, each count may reach a threshold.
        || after.State.Status != HealthStatus.Healthy && after.State.Failures is > 0 and <= 20;

    private sealed class Watch(string endpoint, HealthCheck check, InstanceProtocol protocol, Action onChange)
    {
        public string Endpoint => endpoint;

        public HealthCheck Check => check;

        public InstanceProtocol Protocol => protocol;

        public Action OnChange => onChange;

        public CancellationTokenSource Stop { get; } = new();

        public TaskCompletionSource<bool> Hurry { get; set; } = new();

        public InstanceHealth Health { get; set; } = InstanceHealth.Unknown;

        public Task Loop { get; set; } = Task.CompletedTask;
    }
}
