using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Gateways;
using Sanbashi.ControlPlane.Hosting;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.InstanceEndpoint;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Names;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Secrets.Redeployments;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane;

/// <summary>
/// The control plane's process: its composition, and the order in which it comes up.
/// <list type="number">
/// <item>The store is opened and its lease acquired: one control plane per store, a second one waits here and says so.</item>
/// <item>The reconcilers load what is wanted and look at what the engine has; the gateways may connect.</item>
/// <item>The API answers.</item>
/// <item>Asked to stop, it first wakes what sleeps: nobody else could.</item>
/// </list>
/// </summary>
public static class ControlPlaneHost
{
    /// <summary>How long a stop may take to wake what sleeps.</summary>
    private static readonly TimeSpan _wakeLimit = TimeSpan.FromSeconds(4);

    /// <summary>How long services wait for their networks after a start: a route that is published before would shut out the callers of private services.</summary>
    private static readonly TimeSpan _networkPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long it may take to write the numbers of the minute that has begun.</summary>
    private static readonly TimeSpan _writeLimit = TimeSpan.FromSeconds(2);

    /// <param name="onReady">Called when the API answers.</param>
    /// <param name="onStandby">Called when only the store's lease is missing, which another control plane holds: that one may go now.</param>
    /// <exception cref="StoreException">The store cannot be opened or written; the message says what to do.</exception>
    /// <exception cref="LeaseLostException">Another control plane has taken the store over.</exception>
    public static async Task Run(ControlPlaneOptions options, Action onReady, Action onStandby, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var loggers = LoggerFactory.Create(ConsoleLogging.Configure);
        var logger = loggers.CreateLogger("Sanbashi.ControlPlane");
        Directory.CreateDirectory(options.StateDirectory);

        // 1
        await using var opened = await DocumentStores.Open(
            options.StoreUrl ?? Path.Combine(options.StateDirectory, "sanbashi.db"), time, loggers, cancellationToken);
        using var killPoint = KillPoint.FromEnvironment();
        var store = killPoint is null ? opened : new KillingStore(opened, killPoint);
        await using var lease = await store.AcquireLease(
            $"process {Environment.ProcessId} on {Environment.MachineName}",
            holder =>
            {
                ControlPlaneLog.WaitsForLease(logger, store.Name, holder);
                onStandby();
            },
            cancellationToken);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost);
        using var stopWhileStarting = cancellationToken.Register(static life => ((CancellationTokenSource)life!).Cancel(), life);
        var ids = new RandomIdGenerator();
        var installation = await InstallationRecord.LoadOrCreate(store, ids, life.Token);

        // 2
        using var listener = InstanceListener.Open();
        await using var engine = new DockerEngine(EngineSettings.Of(options, installation, listener.Port), loggers.CreateLogger<DockerEngine>());
        var observer = new EngineObserver(engine, time, loggers.CreateLogger<EngineObserver>());
        await using var hub = new GatewayHub(options.GatewaySocket, time, loggers.CreateLogger<GatewayHub>());
        await using var logs = LogCapability.Create(options.LogDirectory, null, engine, time, loggers);
        using var identity = IdentityCapability.Create(
            new ServiceDocuments(store),
            RootCredentials.LoadOrCreate(options.StateDirectory, options.Account),
            IdentityKey.LoadOrCreate(options.StateDirectory),
            time,
            observer.IsGone);
        using var secrets = SecretCapability.Create(store, options, identity, ids, time, loggers);
        using var networks = NetworkCapability.Create(store, options.Domain, time);
        await using var endpointNames = new EndpointNames(options.Domain, time, loggers);
        var networking = networks.Reconciler(engine, endpointNames, time, loggers);
        var variables = new InstanceVariables(engine, identity.InstanceTokens);
        await using var parts = ControlPlaneParts.Create(options, store, engine, observer, hub, logs, secrets.ForServices, variables, networks.Privates, networking, ids, time, loggers);
        using var api = ControlPlaneApi.Create(new ControlPlaneApiParts
        {
            Documents = parts.Documents,
            Secrets = secrets,
            Networks = networks,
            Options = options,
            Reconcilers = parts.Reconcilers,
            Log = logs.ServiceLog,
            LogStore = logs.Store,
            Instances = parts.Reconcilers,
            Gateways = hub,
            Engine = engine,
            Resources = parts.Resources,
            Live = parts.Live,
            TimeProvider = time,
            Ids = ids,
            Identity = identity,
        });
        var hosted = new ApiHostParts(options, [.. api.Services, logs.Api, .. secrets.Services], identity, time);
        variables.ServiceIds = [.. hosted.Services.Select(service => service.Model.Metadata.ServiceId)];
        hub.Start();
        networks.Privates.Changed += parts.Reconcilers.Signal;
        var layingOut = networking.Run(life.Token);
        await networking.WaitForFirst(_networkPatience, life.Token);
        var reconciling = parts.Reconcilers.Run(parts.Announce, life.Token);
        var sampling = parts.Sampler.Run(life.Token);
        var reclaiming = parts.Reclaimer.Run(life.Token);
        var recording = parts.Recorder.Run(life.Token);
        var sweeping = logs.Run(life.Token);
        var purging = secrets.Run(life.Token);
        var naming = InstanceSide.Run(options, engine, time, loggers, life.Token);
        var redeploying = new StoreLoop(
            store,
            SecretRedeployments.Kinds,
            api.SecretRedeployments.Pass,
            failure => SecretsLog.RedeploymentFailed(logger, failure),
            time).Run(life.Token);
        var rotating = new StoreLoop(
            store,
            [SecretDocuments.SecretKind],
            api.SecretRotations.Pass,
            failure => SecretsLog.RotationsUnknown(logger, failure),
            time).Run(life.Token);

        // 3
        var callers = new InstanceCallers(observer, parts.Documents, loggers.CreateLogger<InstanceCallers>());
        await using var endpoint = InstanceEndpointHost.Build(hosted, listener, app =>
        {
            new CredentialsEndpoint(callers, identity.InstanceTokens, identity.Roles).Map(app);
            new MetadataEndpoint(callers, identity.InstanceTokens, parts.Resources).Map(app);
        });
        await using (var app = ApiHost.Build(hosted, ApiHost.Listen(options), api.Map))
        {
            await endpoint.StartAsync(life.Token);
            await app.StartAsync(life.Token);
            ControlPlaneLog.Started(logger, options.Version, store.Name);
            await stopWhileStarting.DisposeAsync();
            onReady();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.Token);
            await Task.WhenAny(reconciling, Task.Delay(Timeout.InfiniteTimeSpan, time, over.Token));

            // 4
            if (!life.IsCancellationRequested && !reconciling.IsCompleted)
            {
                await parts.Reconcilers.WakeAll(_wakeLimit);
            }

            await life.CancelAsync();
            await recording;
            using (var writing = new CancellationTokenSource(_writeLimit, time))
            {
                await parts.Recorder.WriteRest(writing.Token);
            }

            await app.StopAsync(CancellationToken.None);
            await endpoint.StopAsync(CancellationToken.None);
        }

        await naming;
        await layingOut;
        await sampling;
        await reclaiming;
        await Ended(sweeping, life.Token);
        await Ended(purging, life.Token);
        await Ended(redeploying, life.Token);
        await Ended(rotating, life.Token);
        await api.SecretRotations.Settled();
        await reconciling;
    }

    private static async Task Ended(Task task, CancellationToken stop)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }
}
