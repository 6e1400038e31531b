using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.ControlPlane.Tests.Secrets;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Metrics;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>The real API handlers, called without the wire around them.</summary>
internal sealed class SimulatedApi
{
    public const string Account = "000000000000";
    public const string Region = "local-1";

    /// <summary>Nobody reads or writes logs here; its folder is gone again.</summary>
    private static readonly LogStore _logs = EmptyLogStore();

    private readonly World _world;
    private readonly ControlPlaneApi _api;

    public SimulatedApi(World world, SimulatedProcess process, ServiceDocuments documents, ServiceReconcilers reconcilers, TimeProvider time)
    {
        _world = world;
        _api = ControlPlaneApi.Create(new ControlPlaneApiParts
        {
            Documents = documents,
            Secrets = TestSecrets.Over(documents.Store, time),
            Networks = NetworkCapability.Create(documents.Store, Options.Domain, time),
            Options = Options,
            Reconcilers = reconcilers,
            Log = new ControlPlaneLogs<SimulatedApi>(world, process),
            Instances = new Nothing(),
            Gateways = new Nothing(),
            Engine = new EngineClient(world, process),
            LogStore = _logs,
            TimeProvider = time,
            Ids = world.Ids,
            Identity = TestIdentities.Over(documents.Store, time),
        });
    }

    public static ControlPlaneOptions Options { get; } = new() { StateDirectory = "/nowhere", Version = "0.0.0" };

    public async Task Call(ScriptedCall call, CancellationToken cancellationToken)
    {
        try
        {
            var (service, handler) = _api.Services.Select(service => (service, service.FindHandler(call.Operation))).First(found => found.Item2 is not null);
            var input = (JsonObject)call.Input.DeepClone();
            var answer = await handler!(new ApiCall(service.Model, call.Operation, input, Account, Region, "AKID", "request"), cancellationToken);
            _world.Trace.Note($"API {call.Operation} {call.Subject} accepted");
            call.OnAnswer?.Invoke(answer);
        }
        catch (ApiException refusal)
        {
            _world.Trace.Note($"API {call.Operation} {call.Subject} refused: {refusal.Code}");
        }
        catch (Exception failure)
        {
            _world.Violate($"API {call.Operation} {call.Subject} failed: {failure}");
        }
    }

    private static LogStore EmptyLogStore()
    {
        var folder = Directory.CreateTempSubdirectory("sanbashi-simulation-").FullName;
        var logs = new LogStore(folder, new LogStoreOptions(), TimeProvider.System, NullLogger<LogStore>.Instance);
        Directory.Delete(folder, recursive: true);
        return logs;
    }

    private sealed class Nothing : IInstanceDirectory, IGatewayReports
    {
        public int GatewayCount => 1;

        public IReadOnlyList<ObservedInstance> Seen(string serviceId) => [];

        public IReadOnlyList<EngineContainer> Containers(string serviceId, string instanceId) => [];

        public IDisposable Use(string serviceId, string instanceId) => throw new NotSupportedException("Nobody runs commands here.");

        public IReadOnlyList<ServiceTotals> Totals() => [];

        public IReadOnlyDictionary<string, TrafficFlow> TakeFlows() => new Dictionary<string, TrafficFlow>();

        public IReadOnlyDictionary<string, TrafficLevel> Levels() => new Dictionary<string, TrafficLevel>();
    }
}
