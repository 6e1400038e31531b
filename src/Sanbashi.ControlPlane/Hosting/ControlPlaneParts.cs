using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.InstanceEndpoint;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Networks.Ingress;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Engines;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>The long-lived parts of the control plane, put together.</summary>
internal sealed class ControlPlaneParts : IAsyncDisposable
{
    private readonly HealthProber _prober;
    private readonly GatewayHub _hub;
    private readonly HealthMonitor _health;

    private ControlPlaneParts(ServiceDocuments documents, GatewayHub hub, HealthMonitor health, HealthProber prober, ServiceReconcilers reconcilers, ResourceBoard resources, ResourceSampler sampler, MemoryReclaimer reclaimer, LiveTraffic live, MetricsRecorder recorder)
    {
        Documents = documents;
        _hub = hub;
        _health = health;
        _prober = prober;
        Reconcilers = reconcilers;
        Resources = resources;
        Sampler = sampler;
        Reclaimer = reclaimer;
        Live = live;
        Recorder = recorder;
    }

    public ServiceDocuments Documents { get; }

    public ServiceReconcilers Reconcilers { get; }

    public ResourceBoard Resources { get; }

    public ResourceSampler Sampler { get; }

    public MemoryReclaimer Reclaimer { get; }

    public LiveTraffic Live { get; }

    public MetricsRecorder Recorder { get; }

    public static ControlPlaneParts Create(
        ControlPlaneOptions options,
        IDocumentStore store,
        IContainerEngine engine,
        EngineObserver observer,
        GatewayHub hub,
        LogCapability logs,
        IServiceSecrets secrets,
        IInstanceVariables variables,
        PrivateServices privates,
        NetworkReconciler networks,
        IIdGenerator ids,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var documents = new ServiceDocuments(store);
        var prober = new HealthProber();
        var health = new HealthMonitor(prober, engine, time, loggers.CreateLogger<HealthMonitor>());
        var resources = new ResourceBoard();
        var sampler = new ResourceSampler(engine, () => observer.All, resources, time, loggers.CreateLogger<ResourceSampler>());
        var reclaimer = new MemoryReclaimer(engine, () => observer.All, time, loggers.CreateLogger<MemoryReclaimer>());
        var reconcilers = new ServiceReconcilers(new ReconcilerDependencies
        {
            Documents = documents,
            Engine = engine,
            Observer = observer,
            Health = health,
            Routes = hub,
            Log = logs.ServiceLog,
            InstanceLogs = logs.InstanceLogs,
            Holds = new ImageHolds(engine),
            Secrets = secrets,
            NetworksSettled = networks.Settled,
            Variables = variables,
            Ids = ids,
            Time = time,
            Logger = loggers.CreateLogger<ServiceReconciler>(),
            StartedAt = time.GetUtcNow(),
            Resources = resources,
            FreeMemory = MachineMemory.Available,
            EffectiveSettings = service => privates.Restrict(service, SettingsResolver.Of(service).Effective),
            Hosts = service => [ServiceAddress.Host(service, options), .. privates.Hosts(service)],
        });
        var live = new LiveTraffic();
        var recorder = new MetricsRecorder(hub, reconcilers, resources, documents, new MetricDocuments(store), live, time, loggers.CreateLogger<MetricsRecorder>());
        return new ControlPlaneParts(documents, hub, health, prober, reconcilers, resources, sampler, reclaimer, live, recorder);
    }

    /// <summary>Tells the gateways which services there are; of all of them they keep the routes they have until the reconcilers have looked.</summary>
    public void Announce(IReadOnlyList<ServiceRecord> services) =>
        _hub.SetInitial([], [.. services.Where(service => service.Status != ServiceStatus.Deleted).Select(service => service.Id)]);

    public async ValueTask DisposeAsync()
    {
        await _health.DisposeAsync();
        _prober.Dispose();
    }
}
