using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Events;
using Sanbashi.Engines.Docker.Exec;
using Sanbashi.Engines.Docker.Holders;
using Sanbashi.Engines.Docker.Images;
using Sanbashi.Engines.Docker.Instances;
using Sanbashi.Engines.Docker.Logs;
using Sanbashi.Engines.Docker.Networks;
using Sanbashi.Engines.Docker.Resources;
using Sanbashi.Engines.Docker.Secrets;
using Sanbashi.Engines.Docker.Volumes;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines;

/// <summary>
/// Docker Engine 20.10 and newer, and Podman 4.3 and newer through its compatible socket, on one machine. Knows of instances, not of services: what should run
/// is decided elsewhere.
/// </summary>
public sealed class DockerEngine : IContainerEngine
{
    private readonly EngineClient _client;
    private readonly EngineProfileSource _profiles;
    private readonly Installation _installation;
    private readonly NetworkKeeper _networks;
    private readonly VpcNetworks _vpcs;
    private readonly HolderImage _holderImage;
    private readonly VolumeKeeper _volumes;
    private readonly SecretFiles _secretFiles;
    private readonly InstanceReader _reader;
    private readonly StartGate _gate;
    private readonly InstanceStarter _starter;
    private readonly InstanceRemover _remover;
    private readonly InstanceFreezer _freezer;
    private readonly InstanceMeter _meter;
    private readonly MemoryReclaim _reclaim;
    private readonly RegistryClient _registries;
    private readonly ImageResolver _resolver;
    private readonly ImageHolds _holds;
    private readonly ImageBuilder _builder;
    private readonly LogReader _logs;
    private readonly ExecStarter _execs;
    private readonly EventWatcher _watcher;
    private readonly ILogger _logger;

    /// <summary>Does not call the engine yet.</summary>
    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    public DockerEngine(DockerEngineOptions options, ILogger<DockerEngine> logger)
    {
        var time = options.TimeProvider;
        _logger = logger;
        _installation = new Installation(options.InstallationId);
        _client = new EngineClient(EngineAddress.Parse(options.Socket), time);
        _profiles = new EngineProfileSource(_client);
        var nft = new NftProgram(time);
        _networks = new NetworkKeeper(
            _client, _profiles, options, _installation, NetworkIdentity.Own(_installation), new Firewall(nft, options, _installation, logger), logger);
        _vpcs = new VpcNetworks(_client, _profiles, options, _installation, nft, logger);
        _holderImage = new HolderImage(_client, _profiles, _installation.Short);
        _volumes = new VolumeKeeper(_client, _installation);
        _reader = new InstanceReader(_client, _installation);
        _freezer = new InstanceFreezer(_client, _reader);
        _meter = new InstanceMeter(_client, _profiles, _reader, time);
        _reclaim = new MemoryReclaim(_reader, _client.Address.IsLocal);
        _secretFiles = new SecretFiles(_client, _reader, _installation);
        _remover = new InstanceRemover(_client, _reader, _freezer, _secretFiles, time, logger);
        _gate = new StartGate(time);
        _starter = new InstanceStarter(
            _client, _profiles, _networks, _vpcs, _holderImage, _volumes, _secretFiles, _reader, _remover, new ExecWatch(_client, time), _gate, options, _installation, logger);
        _registries = new RegistryClient(time);
        var images = new LocalImages(_client);
        var credentials = new RegistryCredentials(options.DockerConfigDirectory, time, logger);
        _resolver = new ImageResolver(_client, _profiles, images, new ImagePuller(_client, time), _registries, credentials);
        _holds = new ImageHolds(_client, _profiles, images, _installation);
        _builder = new ImageBuilder(_client, images, credentials, time);
        _logs = new LogReader(_client);
        _execs = new ExecStarter(_client, time);
        _watcher = new EventWatcher(new EventStream(_client, _installation, time), Prepare, time, logger);
    }

    /// <summary>Makes an engine and asks it what it is.</summary>
    /// <exception cref="EngineException">It does not answer, is too old, or does not run Linux containers.</exception>
    public static async Task<DockerEngine> Connect(DockerEngineOptions options, ILogger<DockerEngine> logger, CancellationToken cancellationToken = default)
    {
        var engine = new DockerEngine(options, logger);
        try
        {
            var description = await engine.Describe(cancellationToken).ConfigureAwait(false);
            EngineLog.Connected(logger, description.Name, description.Version, description.Socket, description.ApiVersion);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<EngineDescription> Describe(CancellationToken cancellationToken) => Attempt("asking the engine what it is", async () =>
    {
        var profile = await _profiles.Get(cancellationToken).ConfigureAwait(false);
        return new EngineDescription(
            profile.Name, profile.Version, profile.ApiVersion, profile.Architecture, profile.CpuCount, profile.MemoryBytes, profile.CanFreeze, _client.Address.Text);
    });

    public async Task<bool> AcceptsConnections(CancellationToken cancellationToken)
    {
        try
        {
            using var connection = await _client.Address.Connect(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public Task<bool> HasInstanceEndpoint(CancellationToken cancellationToken) => Attempt(
        "preparing the network of instances", async () => (await _networks.Ensure(cancellationToken).ConfigureAwait(false)).HasEndpoint);

    /// <summary>Makes the network of instances if it is missing; tells the address by which instances know this machine (the API listens there too).</summary>
    public Task<InstanceNetworkDescription> EnsureNetwork(CancellationToken cancellationToken) => Attempt("preparing the network of instances", async () =>
    {
        var network = await _networks.Ensure(cancellationToken).ConfigureAwait(false);
        return new InstanceNetworkDescription(network.Name, network.Subnet.ToString(), network.Gateway, network.IsRoutable);
    });

    public Task<ResolvedImage> ResolveImage(string reference, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) =>
        Attempt($"resolving the image '{reference}'", () => _resolver.Resolve(reference, progress, cancellationToken));

    public Task HoldImage(string imageId, string holdName, CancellationToken cancellationToken) =>
        Attempt($"holding the image {imageId}", () => _holds.Hold(imageId, holdName, cancellationToken));

    public Task ReleaseImage(string holdName, CancellationToken cancellationToken) =>
        Attempt($"releasing the image held as {holdName}", () => _holds.Release(holdName, cancellationToken));

    public Task<IReadOnlyList<string>> ListHolds(CancellationToken cancellationToken) => Attempt("listing held images", () => _holds.List(cancellationToken));

    public Task<string> BuildImage(Stream context, ImageBuildOptions options, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Attempt($"building the image '{options.Tag}'", () => _builder.Build(context, options, progress, cancellationToken));

    public Task<EngineInstance> StartInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) =>
        Attempt($"starting instance {identity.InstanceId} of service {identity.ServiceName}", async () =>
        {
            var parts = await _starter.Start(identity, spec, cancellationToken).ConfigureAwait(false);
            await ThrowIfNotExecuted(identity, parts, cancellationToken).ConfigureAwait(false);
            return InstanceView.Of(parts)
                ?? throw new EngineException(EngineFailure.NotFound, $"Starting instance {identity.InstanceId} of service {identity.ServiceName} failed: its containers were removed meanwhile. Start it again.");
        });

    public Task<EngineInstance> PrepareInstance(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) =>
        Attempt($"preparing instance {identity.InstanceId} of service {identity.ServiceName}", async () =>
        {
            var parts = await _starter.Prepare(identity, spec, cancellationToken).ConfigureAwait(false);
            return InstanceView.Of(parts)
                ?? throw new EngineException(EngineFailure.NotFound, $"Preparing instance {identity.InstanceId} of service {identity.ServiceName} failed: its containers were removed meanwhile. It is made again.");
        });

    public Task StopInstance(string instanceId, TimeSpan stopTimeout, CancellationToken cancellationToken) =>
        Attempt($"stopping instance {instanceId}", () => _remover.Stop(instanceId, stopTimeout, cancellationToken));

    public Task FreezeInstance(string instanceId, CancellationToken cancellationToken) =>
        Attempt($"freezing instance {instanceId}", () => _freezer.FreezeInstance(instanceId, cancellationToken));

    public Task ThawInstance(string instanceId, CancellationToken cancellationToken) =>
        Attempt($"thawing instance {instanceId}", () => _freezer.ThawInstance(instanceId, cancellationToken));

    public Task<IReadOnlyList<EngineInstance>> ListInstances(CancellationToken cancellationToken) => Attempt("listing instances", async () =>
    {
        var instances = await _reader.All(cancellationToken).ConfigureAwait(false);
        return (IReadOnlyList<EngineInstance>)[.. instances.Select(InstanceView.Of).OfType<EngineInstance>()];
    });

    public Task<EngineInstance?> FindInstance(string instanceId, CancellationToken cancellationToken) => Attempt(
        $"looking for instance {instanceId}",
        async () => InstanceView.Of(await _reader.Parts(instanceId, cancellationToken).ConfigureAwait(false)));

    public Task<IReadOnlyList<int>> ListeningPorts(string instanceId, CancellationToken cancellationToken) => Attempt($"looking for open ports of instance {instanceId}", async () =>
    {
        var parts = await _reader.Parts(instanceId, cancellationToken).ConfigureAwait(false);
        if (!_client.Address.IsLocal || parts.FirstOrDefault(part => part.IsHolder) is not { } holder)
        {
            return [];
        }

        var pid = (await _reader.Details(holder.Id, cancellationToken).ConfigureAwait(false))?.State.Pid ?? 0;

        // Where the engine lives in another machine or process namespace, this number means some other process, or none.
        return pid > 0 && IsHolder(pid) ? ListeningSockets.Of(pid) : [];
    });

    public Task<IReadOnlyDictionary<string, ResourceReading>> ReadResources(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken) =>
        Attempt($"reading what {instanceIds.Count} instances use", () => _meter.Read(instanceIds, cancellationToken));

    public Task<long> ReclaimMemory(string instanceId, CancellationToken cancellationToken) =>
        Attempt($"taking back memory of instance {instanceId}", () => _reclaim.Reclaim(instanceId, cancellationToken));

    public Task<IExecSession> Exec(string instanceId, string containerName, ExecOptions options, CancellationToken cancellationToken) =>
        Attempt($"running a command in container '{containerName}' of instance {instanceId}", async () =>
        {
            var part = await FindContainer(instanceId, containerName, cancellationToken).ConfigureAwait(false);
            if (!part.IsRunning)
            {
                throw new EngineException(EngineFailure.Refused, $"Running a command in container '{containerName}' of instance {instanceId} failed: the container is {part.Status}. {(part.IsPaused ? "Thaw the instance first." : "Choose a running instance.")}");
            }

            return await _execs.Start(part.Id, options, cancellationToken).ConfigureAwait(false);
        });

    public async IAsyncEnumerable<LogLine> ReadLogs(
        string instanceId, string containerName, LogCursor? after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var attempt = $"reading the output of container '{containerName}' of instance {instanceId}";
        var part = await Attempt(attempt, () => FindContainer(instanceId, containerName, cancellationToken)).ConfigureAwait(false);
        await using var lines = _logs.Read(part.Id, after, follow, part.HasEnded, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await Attempt(attempt, async () => await lines.MoveNextAsync().ConfigureAwait(false)).ConfigureAwait(false))
        {
            yield return lines.Current;
        }
    }

    public Task<IReadOnlyList<NetworkPlace>> ApplyNetworks(NetworkDesign design, CancellationToken cancellationToken) =>
        Attempt("laying out the networks of VPCs", () => _vpcs.Apply(design, cancellationToken));

    public Task EnsureVolume(string name, CancellationToken cancellationToken) =>
        Attempt($"making the volume '{name}'", () => _volumes.Ensure(name, cancellationToken));

    public Task RemoveVolume(string name, CancellationToken cancellationToken) =>
        Attempt($"removing the volume '{name}'", () => _volumes.Remove(name, cancellationToken));

    public IAsyncEnumerable<EngineEvent> Watch(CancellationToken cancellationToken) => _watcher.Watch(cancellationToken);

    /// <summary>Removes every object of this installation from the engine: instances (without grace), network, firewall rules, holds and, unless kept, volumes with their content.</summary>
    public Task RemoveEverything(CancellationToken cancellationToken, bool keepVolumes = false) => Attempt("removing everything of this installation", async () =>
    {
        var instances = await _reader.All(cancellationToken).ConfigureAwait(false);
        await Parallel.ForEachAsync(
            instances,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (parts, token) => await _remover.Remove(parts[0].Summary.Labels![Labels.Instance], parts, token).ConfigureAwait(false)).ConfigureAwait(false);
        await _vpcs.Remove(cancellationToken).ConfigureAwait(false);
        await _secretFiles.RemoveAll(cancellationToken).ConfigureAwait(false);
        await _networks.Remove(cancellationToken).ConfigureAwait(false);
        foreach (var hold in await _holds.List(cancellationToken).ConfigureAwait(false))
        {
            await _holds.Release(hold, cancellationToken).ConfigureAwait(false);
        }

        await _holds.RemoveTag(_holderImage.Reference, await _profiles.Get(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        _holderImage.Forget();
        if (!keepVolumes)
        {
            await _volumes.RemoveAll(cancellationToken).ConfigureAwait(false);
        }
    });

    public ValueTask DisposeAsync()
    {
        _registries.Dispose();
        _vpcs.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>After each connection: it may be another engine, and network and rules may have been swept away with the old one.</summary>
    private async Task Prepare(CancellationToken cancellationToken)
    {
        _client.ForgetVersion();
        _profiles.Forget();
        _networks.Forget();
        _vpcs.Forget();
        _holderImage.Forget();
        try
        {
            await Attempt("preparing the network of instances", () => _networks.Ensure(cancellationToken)).ConfigureAwait(false);
        }
        catch (EngineException failure)
        {
            // The next start of an instance tries again and fails with the reason.
            EngineLog.NetworkNotReady(_logger, failure.Message);
        }
    }

    private async Task<InstancePart> FindContainer(string instanceId, string containerName, CancellationToken cancellationToken)
    {
        var parts = await _reader.Parts(instanceId, cancellationToken).ConfigureAwait(false);
        return parts.FirstOrDefault(part => !part.IsHolder && part.Name == containerName)
            ?? throw new EngineException(EngineFailure.NotFound, $"Instance {instanceId} has no container '{containerName}'; {(parts.Count == 0 ? "the instance does not exist any more" : $"it has {string.Join(", ", parts.Where(part => !part.IsHolder).Select(part => part.Name))}")}.");
    }

    /// <summary>An init that cannot execute the application ends at once with the shell's exit codes for that, and says why in the log.</summary>
    private async Task ThrowIfNotExecuted(InstanceIdentity identity, IReadOnlyList<InstancePart> parts, CancellationToken cancellationToken)
    {
        foreach (var part in parts.Where(part => !part.IsHolder && part.HasEnded && part.Details?.State.ExitCode is 126 or 127))
        {
            await foreach (var line in _logs.Read(part.Id, null, follow: false, hasEnded: true, cancellationToken).ConfigureAwait(false))
            {
                if (RuntimeText.IsCannotStart(line.Text))
                {
                    throw new EngineException(EngineFailure.CannotStart, string.Create(
                        CultureInfo.InvariantCulture,
                        $"Starting container '{part.Name}' of service {identity.ServiceName} failed with exit code {part.Details!.State.ExitCode}: {RuntimeText.StartFailure(line.Text)}"));
                }

                break;
            }
        }
    }

    private static bool IsHolder(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").TrimEnd('\0') == HolderArchive.ProgramPath;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Task Attempt(string attempt, Func<Task> run) => Attempt(attempt, async () =>
    {
        await run().ConfigureAwait(false);
        return HttpStatusCode.OK;
    });

    private static async Task<T> Attempt<T>(string attempt, Func<Task<T>> run)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (EngineApiException failure)
        {
            throw EngineFailures.Translate(attempt, failure);
        }
    }
}
