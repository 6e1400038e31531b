using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Services;
using Sanbashi.Engines;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Services;

/// <summary>All reconcilers of this process: exactly one per service, started for what the store holds and for what is created later.</summary>
public sealed class ServiceReconcilers(ReconcilerDependencies dependencies) : IServiceReconcilers, IInstanceDirectory
{
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ServiceReconciler Reconciler, Task Loop)> _running = new(StringComparer.Ordinal);
    private static readonly TimeSpan _wakePoll = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _startGate = new();
    private CancellationToken _stop;
    private volatile bool _isClosing;

    /// <summary>Runs until cancelled; fails with <see cref="LeaseLostException"/> when another control plane has taken over.</summary>
    /// <param name="onLoaded">Told all services once, before any reconciler plans.</param>
    public async Task Run(Action<IReadOnlyList<ServiceRecord>> onLoaded, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _stop = stop.Token;
        dependencies.Observer.ServiceChanged += SignalKnown;
        dependencies.Observer.EngineChanged += OnEngineChanged;
        dependencies.Routes.ServiceSignalled += SignalKnown;
        dependencies.Resources.ServiceSampled += SignalSampled;
        try
        {
            var services = await dependencies.Documents.ListServices(null, cancellationToken);
            onLoaded([.. services.Select(service => service.Record)]);
            foreach (var service in services)
            {
                Start(service.Record.Scope, service.Record.Id);
            }

            await await Task.WhenAny(dependencies.Observer.Run(stop.Token), _failed.Task);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            dependencies.Observer.ServiceChanged -= SignalKnown;
            dependencies.Observer.EngineChanged -= OnEngineChanged;
            dependencies.Routes.ServiceSignalled -= SignalKnown;
            dependencies.Resources.ServiceSampled -= SignalSampled;
            await stop.CancelAsync();
            await Task.WhenAll(_running.Values.Select(running => running.Loop));
        }
    }

    public void Signal(string serviceId)
    {
        if (_running.TryGetValue(serviceId, out var running))
        {
            running.Reconciler.Signal();
        }
        else
        {
            _ = StartNew(serviceId);
        }
    }

    /// <summary>What is seen of a service's instances now.</summary>
    public IReadOnlyList<ObservedInstance> Seen(string serviceId) =>
        _running.TryGetValue(serviceId, out var running) ? running.Reconciler.LastSeen : [];

    public IReadOnlyList<EngineContainer> Containers(string serviceId, string instanceId) =>
        dependencies.Observer.Of(serviceId).FirstOrDefault(instance => instance.Identity.InstanceId == instanceId)?.Containers ?? [];

    public IDisposable Use(string serviceId, string instanceId) => dependencies.Use.Begin(instanceId, () => SignalKnown(serviceId));

    /// <summary>
    /// Wakes everything that sleeps, before this process stops: without it nobody would. Ends when all of it takes requests, or when the time is over; what sleeps
    /// then is woken by whoever starts next.
    /// </summary>
    public async Task WakeAll(TimeSpan limit)
    {
        _isClosing = true;
        var begun = dependencies.Time.GetTimestamp();
        SignalAll();
        while (_running.Values.Any(running => !running.Reconciler.IsAwake) && dependencies.Time.GetElapsedTime(begun) < limit)
        {
            await Task.Delay(_wakePoll, dependencies.Time, CancellationToken.None);
        }
    }

    private void SignalKnown(string serviceId)
    {
        if (_running.TryGetValue(serviceId, out var running))
        {
            running.Reconciler.Signal();
        }
    }

    private void SignalSampled(string serviceId)
    {
        if (_running.TryGetValue(serviceId, out var running) && running.Reconciler.WatchesUsage)
        {
            running.Reconciler.Signal();
        }
    }

    private async Task StartNew(string serviceId)
    {
        try
        {
            foreach (var service in await dependencies.Documents.ListServices(null, _stop))
            {
                if (service.Record.Id == serviceId)
                {
                    Start(service.Record.Scope, serviceId);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The next process starts a reconciler for every service it finds.
        }
        catch (StoreException failure)
        {
            _failed.TrySetException(failure);
        }
    }

    private void Start(ResourceScope scope, string serviceId)
    {
        // Two signals for a new service must not make two writers.
        lock (_startGate)
        {
            if (_stop.IsCancellationRequested || _running.ContainsKey(serviceId))
            {
                return;
            }

            var reconciler = new ServiceReconciler(dependencies with { IsClosing = () => _isClosing }, scope, serviceId);
            _running[serviceId] = (reconciler, Task.CompletedTask);
            var loop = Loop(reconciler, serviceId);
            if (!loop.IsCompleted)
            {
                _running[serviceId] = (reconciler, loop);
            }
        }
    }

    private async Task Loop(ServiceReconciler reconciler, string serviceId)
    {
        try
        {
            await reconciler.Run(_stop);
        }
        catch (LeaseLostException lost)
        {
            ServiceReconcilerLog.LeaseLost(dependencies.Logger);
            _failed.TrySetException(lost);
        }

        _running.TryRemove(serviceId, out _);
    }

    private void OnEngineChanged(bool isConnected)
    {
        if (isConnected)
        {
            _ = LoadHolds();
            foreach (var instance in dependencies.Observer.All.Where(instance => !_running.ContainsKey(instance.Identity.ServiceId)))
            {
                ServiceReconcilerLog.UnknownService(dependencies.Logger, instance.Identity.InstanceId, instance.Identity.ServiceId);
            }
        }

        SignalAll();
    }

    private void SignalAll()
    {
        foreach (var serviceId in _running.Keys.Order(StringComparer.Ordinal))
        {
            SignalKnown(serviceId);
        }
    }

    /// <summary>Until it succeeds: what is not known to be held is never released.</summary>
    private async Task LoadHolds()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await dependencies.Holds.Load(_stop);
                SignalAll();
                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (EngineException failure)
            {
                ServiceReconcilerLog.EngineRefused(dependencies.Logger, "listing image holds", "-", failure.Message);
            }

            await Task.Delay(_retryAfter, dependencies.Time, CancellationToken.None);
        }
    }
}
