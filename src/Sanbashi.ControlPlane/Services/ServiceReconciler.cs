using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services;

/// <summary>
/// Brings one service about: observe, plan, act, write, again until nothing is left to do; then wait for a signal or the plan's moment.
/// Thin on purpose: every decision is <see cref="ServicePlanner"/>'s. One instance per service, so a service has one writer.
/// </summary>
public sealed class ServiceReconciler
{
    /// <summary>After an unexpected failure, so that a bug does not spin.</summary>
    private static readonly TimeSpan _restAfterFailure = TimeSpan.FromSeconds(1);

    private readonly ReconcilerDependencies _dependencies;
    private readonly ResourceScope _scope;
    private readonly string _serviceId;
    private readonly ServiceMemory _memory;
    private readonly ServiceStory _story;
    private readonly ServiceObserver _observer;
    private readonly ServiceActions _actions;

    /// <summary>Ends of tasks, applied by the loop. Bounded by the number of actions under way.</summary>
    private readonly ConcurrentQueue<Action> _mailbox = new();
    private readonly Lock _signalGate = new();
    private TaskCompletionSource _signal = NewSignal();
    private volatile bool _watchesUsage;

    public ServiceReconciler(ReconcilerDependencies dependencies, ResourceScope scope, string serviceId)
    {
        _dependencies = dependencies;
        _scope = scope;
        _serviceId = serviceId;
        _memory = new ServiceMemory();
        _story = new ServiceStory(dependencies.Log);
        _observer = new ServiceObserver(dependencies, _memory, Signal);
        _actions = new ServiceActions(dependencies, _memory, _story, Post);
    }

    /// <summary>The gateways have been told of this service by this process (or it has nothing to route).</summary>
    public bool IsSettled => _memory.AppliedRoute is not null;

    /// <summary>None of its instances is kept from requests because it sleeps.</summary>
    public bool IsAwake => _memory.AppliedRoute is not { Resting.Count: > 0 };

    /// <summary>What its instances use decides how many there are.</summary>
    public bool WatchesUsage => _watchesUsage;

    /// <summary>What is seen of the service's instances now, for people.</summary>
    public IReadOnlyList<Domain.Instances.ObservedInstance> LastSeen { get; private set; } = [];

    /// <summary>Something may have changed: plan again.</summary>
    public void Signal()
    {
        lock (_signalGate)
        {
            _signal.TrySetResult();
        }
    }

    /// <summary>Runs until the service is forgotten or the token is cancelled.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var signal = TakeSignal();
                while (_mailbox.TryDequeue(out var end))
                {
                    end();
                }

                if (_memory.EngineRestUntil <= _dependencies.Time.GetUtcNow())
                {
                    _memory.EngineRestUntil = null;
                }

                var observation = await _observer.Observe(await _dependencies.Documents.FindService(_scope, _serviceId, cancellationToken), cancellationToken);
                if (observation is null)
                {
                    return;
                }

                LastSeen = observation.Situation.Instances;
                _watchesUsage = !observation.Situation.Settings.ScaleOn.IsNone;
                Narrate(observation);
                var now = _dependencies.Time.GetUtcNow();
                var plan = ServicePlanner.Plan(observation.Situation, now);
                NarrateScale(observation, plan, now);
                var mustPlanAgain = false;
                foreach (var action in plan.Actions)
                {
                    mustPlanAgain |= await _actions.Begin(action, observation, now, cancellationToken);
                }

                if (!mustPlanAgain)
                {
                    await WaitFor(signal, plan.WakeAt, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (LeaseLostException)
            {
                // Another control plane has taken over: this one must not do anything any more.
                throw;
            }
            catch (Exception failure)
            {
                ServiceReconcilerLog.Failed(_dependencies.Logger, failure, _serviceId);
                await Task.Delay(_restAfterFailure, _dependencies.Time, CancellationToken.None);
            }
        }
    }

    private void Narrate(Observation observation)
    {
        var (service, situation) = (observation.Service.Record, observation.Situation);
        if (situation.Operation is { HasEnded: false } operation)
        {
            _story.Begins(
                service,
                operation,
                operation.Revision is { } brought ? situation.Revisions.GetValueOrDefault(brought) : null,
                operation.StartedAt < _dependencies.StartedAt);
            if (_dependencies.Observer.AwayReason is { } reason)
            {
                _story.EngineAway(service, operation, reason);
            }

            if (operation.Revision is { } number && situation.Revisions.TryGetValue(number, out var target)
                && situation.Instances.FirstOrDefault(instance => instance.Revision == number && instance.OtherPorts.Count > 0) is { } suspect)
            {
                _story.SuspectsPort(service, operation, target.Definition.Image.Port, suspect.OtherPorts);
            }
        }

        NarrateShare(situation);
        while (_memory.Recoveries.TryDequeue(out var ends))
        {
            _story.Recovered(service, ends);
        }

        foreach (var instance in situation.Instances.Where(instance => !situation.Revisions.ContainsKey(instance.Revision)))
        {
            if (_memory.ReportedUnknown.Add(instance.Revision))
            {
                _story.UnknownRevision(service, instance.Revision);
            }
        }
    }

    /// <summary>Says when the number of instances changes by traffic; what a deployment starts is told by the deployment.</summary>
    private void NarrateScale(Observation observation, ServicePlan plan, DateTimeOffset now)
    {
        var (service, situation) = (observation.Service.Record, observation.Situation);
        if (situation.Operation is { HasEnded: false })
        {
            return;
        }

        NarrateSchedule(service, situation, now);
        if (plan.Scale is { } scale && service.ActiveRevision is { } active)
        {
            NarrateScale(situation, active, scale, situation.Demand, _memory.Serving);
        }

        if (plan.CanaryScale is { } canaryScale && service.CanaryRevision is { } canary)
        {
            NarrateScale(situation, canary, canaryScale, situation.CanaryDemand, _memory.Canary);
        }
    }

    /// <summary>Says why instances are about to come, or may go.</summary>
    private void NarrateSchedule(ServiceRecord service, ServiceSituation situation, DateTimeOffset now)
    {
        var scheduled = situation.Settings.Schedule.At(now);
        if (_memory.ToldSchedule is { } told && told.Entry != scheduled.Entry)
        {
            _story.Schedules(service, told, scheduled);
        }

        _memory.ToldSchedule = scheduled;
    }

    private void NarrateScale(ServiceSituation situation, int revision, ScaleDecision scale, ServiceDemand demand, ToldScale told)
    {
        var service = situation.Service;
        if (told.Last is { } last && last.Revision == revision && last.Count != scale.Provisioned)
        {
            if (scale.Provisioned > last.Count)
            {
                _story.ScalesOut(
                    service,
                    revision,
                    last.Count,
                    scale.Provisioned,
                    demand,
                    situation.Revisions[revision].Scaling.MaxConcurrency,
                    scale.IsByUsage ? situation.Usage.GetValueOrDefault(revision) : null);
            }
            else
            {
                _story.ScalesIn(service, revision, last.Count, scale.Provisioned, situation.Settings.IdlePeriod);
            }
        }

        told.Last = (revision, scale.Provisioned);
        if (scale.LackedBytes > 0 && !told.HasToldLack)
        {
            _story.LacksMemory(service, revision, scale.Provisioned, scale.LackedBytes);
        }

        told.HasToldLack = scale.LackedBytes > 0;
    }

    /// <summary>Says when the gateways give the canary another share than before.</summary>
    private void NarrateShare(ServiceSituation situation)
    {
        if (situation.AppliedRoute?.Canary is not { } canary || canary.Revision != situation.Service.CanaryRevision)
        {
            return;
        }

        if (_memory.SeenShare is { } seen && seen.Revision == canary.Revision && seen.Percent != canary.Percent)
        {
            _story.ChangesShare(situation.Service, canary.Percent);
        }

        _memory.SeenShare = (canary.Revision, canary.Percent);
    }

    private async Task WaitFor(TaskCompletionSource signal, DateTimeOffset? wakeAt, CancellationToken cancellationToken)
    {
        if (_memory.EngineRestUntil is { } rest && (wakeAt is null || rest < wakeAt))
        {
            wakeAt = rest;
        }

        var pause = wakeAt is { } moment ? moment - _dependencies.Time.GetUtcNow() : Timeout.InfiniteTimeSpan;
        if (wakeAt is not null && pause <= TimeSpan.Zero)
        {
            return;
        }

        // Longer waits than a day are cut into days: timers have a limit. All that ends the wait does so through the signal: one source, no task left behind.
        var wait = pause > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : pause;
        using var timer = _dependencies.Time.CreateTimer(static signal => ((TaskCompletionSource)signal!).TrySetResult(), signal, wait, Timeout.InfiniteTimeSpan);
        using var stop = cancellationToken.UnsafeRegister(static signal => ((TaskCompletionSource)signal!).TrySetResult(), signal);
        await signal.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Post(Action end)
    {
        _mailbox.Enqueue(end);
        Signal();
    }

    /// <summary>What is signalled from here on is seen by the next round.</summary>
    private TaskCompletionSource TakeSignal()
    {
        lock (_signalGate)
        {
            if (_signal.Task.IsCompleted)
            {
                _signal = NewSignal();
            }

            return _signal;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
