using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.ControlPlane.Tests.Secrets;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>One life of the control plane: the real reconcilers and API handlers over a simulated engine, store and set of gateways.</summary>
internal sealed class ControlPlaneProcess
{
    private readonly World _world;
    private readonly InMemoryDocumentStore _store;
    private readonly CancellationTokenSource _stop = new();
    private SimulatedApi? _api;

    public ControlPlaneProcess(World world, int number)
    {
        _world = world;
        Process = new SimulatedProcess(world.Pump, $"control plane {number}");
        _store = world.Database.OpenAnother();
        Hub = new SimulatedHub(world, Process);
        world.Trace.Note($"{Process.Name} starts");
        Process.Post(() => _ = Run());
    }

    public SimulatedProcess Process { get; }

    public SimulatedHub Hub { get; }

    public bool IsReady => _api is not null;

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _world.Trace.Note($"{Process.Name} is killed");
        Process.Kill();
        _store.Kill();
        foreach (var gateway in _world.Gateways)
        {
            gateway.BreakLink();
        }
    }

    /// <summary>A client's request arrives.</summary>
    public void Call(ScriptedCall call) => Process.Post(() => _ = _api!.Call(call, _stop.Token));

    private async Task Run()
    {
        try
        {
            var store = new SimulatedStore(_world, Process, _store);
            await using var lease = await store.AcquireLease(Process.Name, _ => { }, _stop.Token);
            var documents = new ServiceDocuments(store);
            var reconcilers = Compose(documents, out var time);
            var reconciling = reconcilers.Run(Announce, _stop.Token);
            _api = new SimulatedApi(_world, Process, documents, reconcilers, time);
            await reconciling;
            throw new InvalidOperationException("The reconcilers ended.");
        }
        catch (Exception failure)
        {
            _world.Violate($"{Process.Name} ended: {failure}");
        }
    }

    private ServiceReconcilers Compose(ServiceDocuments documents, out TimeProvider time)
    {
        var engine = new EngineClient(_world, Process);
        var clock = time = new VirtualTimeProvider(_world.Clock, Process);
        var logs = new ControlPlaneLogs<ServiceReconciler>(_world, Process);
        return new ServiceReconcilers(new ReconcilerDependencies
        {
            Documents = documents,
            Engine = engine,
            Observer = new EngineObserver(engine, clock, new ControlPlaneLogs<EngineObserver>(_world, Process)),
            Health = new HealthMonitor(new SimulatedProber(_world, Process), engine, clock, new ControlPlaneLogs<HealthMonitor>(_world, Process)),
            Routes = Hub,
            Log = logs,
            InstanceLogs = logs,
            Holds = new ImageHolds(engine),
            Secrets = TestSecrets.Over(documents.Store, clock).ForServices,
            Ids = _world.Ids,
            Time = clock,
            Logger = logs,
            StartedAt = clock.GetUtcNow(),
            EffectiveSettings = service => SettingsResolver.Of(service).Effective,
            Hosts = service => [ServiceAddress.Host(service, SimulatedApi.Options)],
            CanFreeze = () => _world.Faults.CanFreeze,
        });
    }

    private void Announce(IReadOnlyList<ServiceRecord> services) =>
        Hub.SetInitial(services.Where(service => service.Status != ServiceStatus.Deleted).Select(service => service.Id));
}
