using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.ControlPlane.Tests.Secrets;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

/// <summary>The whole API behind the real wire on a free port, over a store in memory, with reconcilers that only take note. Tests keep apart by region.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Account = "000000000000";

    private WebApplication _app = null!;
    private ControlPlaneApi _api = null!;
    private readonly string _folder = Directory.CreateTempSubdirectory("sanbashi-api-").FullName;
    private int _regions;

    /// <summary>An instance that has ended.</summary>
    public const string EndedInstance = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

    public static ApiCredential Root { get; } = new("AKIDROOT", "root-secret", null, Account);

    public Uri Endpoint { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    public ServiceDocuments Documents { get; private set; } = null!;

    internal InterruptedStore Store { get; private set; } = null!;

    internal IdentityCapability Identity { get; private set; } = null!;

    internal SecretCapability Secrets { get; private set; } = null!;

    internal NetworkCapability Networks { get; private set; } = null!;

    internal LogStore LogStore { get; private set; } = null!;

    internal ManualTime Time { get; } = new();

    internal RecordingReconcilers Reconcilers { get; } = new();

    internal RecordingLog Log { get; } = new();

    internal FakeInstances Instances { get; } = new();

    internal FakeGateways Gateways { get; } = new();

    internal FakeEngine Engine { get; } = new();

    internal LiveTraffic Live { get; } = new();

    internal ControlPlaneOptions Options { get; } = new() { StateDirectory = "/nowhere", Version = "0.0.0-test", AllowedHostPaths = ["/srv/shared"] };

    public async ValueTask InitializeAsync()
    {
        LogStore = new LogStore(Path.Combine(_folder, "logs"), new LogStoreOptions(), Time, NullLogger<LogStore>.Instance);
        var store = new InMemoryDocumentStore();
        await store.AcquireLease("tests", _ => { }, CancellationToken.None);
        Store = new InterruptedStore(store);
        Documents = new ServiceDocuments(Store);
        Identity = TestIdentities.Over(Store, Time, instance => instance == EndedInstance);
        Secrets = TestSecrets.Over(Store, Time, identity: Identity);
        Networks = NetworkCapability.Create(Store, Options.Domain, Time);
        var api = ControlPlaneApi.Create(new ControlPlaneApiParts
        {
            Documents = Documents,
            Secrets = Secrets,
            Networks = Networks,
            Options = Options,
            Reconcilers = Reconcilers,
            Log = Log,
            LogStore = LogStore,
            Instances = Instances,
            Gateways = Gateways,
            Engine = Engine,
            Live = Live,
            TimeProvider = Time,
            Identity = Identity,
            Quotas = new ApiQuotas { Services = 8, AutoScalingConfigurations = 6, AutoScalingRevisions = 4 },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Identity.Credentials);
        builder.Services.AddSingleton(Identity.Authorizer);
        builder.Services.AddAwsWire(options =>
        {
            foreach (var service in api.Services.Concat(Secrets.Services))
            {
                options.Services.Add(service);
            }
        });
        _app = builder.Build();
        _app.UseHostGuard();
        _app.UseWebSockets();
        _app.MapAwsWire();
        api.Map(_app);
        _api = api;
        await _app.StartAsync();
        Endpoint = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>A client in a region of its own.</summary>
    internal ApiClient NewRegion() => new(this, $"test-{Interlocked.Increment(ref _regions)}");

    internal Task Stop() => _app.StopAsync();

    /// <summary>Compares services with their secrets once, as the control plane does by itself.</summary>
    internal Task<DateTimeOffset?> RedeployForSecrets() => _api.SecretRedeployments.Pass(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _api.Dispose();
        Networks.Dispose();
        Identity.Dispose();
        LogStore.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
