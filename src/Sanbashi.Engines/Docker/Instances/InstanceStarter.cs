using System.Net;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Holders;
using Sanbashi.Engines.Docker.Networks;
using Sanbashi.Engines.Docker.Secrets;
using Sanbashi.Engines.Docker.Volumes;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>
/// Makes an instance exist and run, from wherever an earlier attempt ended:
/// 1. Read what exists. A holder that died before any container ran is of no use any more: start over.
/// 2. Create the holder, if missing. Everything else joins it.
/// 3. Start the holder (most of the time: network set-up) while the containers are created beside it; write the files that are in memory only.
/// 4. Start the containers that have never run, and thaw frozen ones. One that ran and ended is not started again: whether that is right is the caller's
///    decision (a job must not run twice), and the answer tells.
/// 5. See whether the commands could be executed at all, and read everything back.
/// </summary>
internal sealed class InstanceStarter(
    EngineClient client,
    EngineProfileSource profiles,
    NetworkKeeper networks,
    VpcNetworks vpcs,
    HolderImage holderImage,
    VolumeKeeper volumes,
    SecretFiles secretFiles,
    InstanceReader reader,
    InstanceRemover remover,
    ExecWatch execWatch,
    StartGate gate,
    DockerEngineOptions options,
    Installation installation,
    ILogger logger)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly HolderRecipe _holderRecipe = new(options, installation);
    private readonly ContainerRecipe _containerRecipe = new(options, installation);

    // Podman without catatonit has no init for containers; found out by the first refusal.
    private volatile bool _hasInit = true;

    public Task<IReadOnlyList<InstancePart>> Start(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) =>
        Make(identity, spec, isToRun: true, cancellationToken);

    /// <summary>Steps 1 to 3 only.</summary>
    public Task<IReadOnlyList<InstancePart>> Prepare(InstanceIdentity identity, InstanceSpec spec, CancellationToken cancellationToken) =>
        Make(identity, spec, isToRun: false, cancellationToken);

    private async Task<IReadOnlyList<InstancePart>> Make(InstanceIdentity identity, InstanceSpec spec, bool isToRun, CancellationToken cancellationToken)
    {
        try
        {
            return await MakeOnce(identity, spec, isToRun, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.InnerException is EngineApiException { EngineMessage: var message } && (IsNetworkMissing(message) || IsAddressTaken(message)))
        {
            // Somebody pruned the network after the holder was made for it, or took its address: such a holder never starts.
            Forget(spec);
            await remover.Remove(identity.InstanceId, await reader.Parts(identity.InstanceId, cancellationToken).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            return await MakeOnce(identity, spec, isToRun, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<InstancePart>> MakeOnce(InstanceIdentity identity, InstanceSpec spec, bool isToRun, CancellationToken cancellationToken)
    {
        // 1.
        var parts = await reader.Parts(identity.InstanceId, cancellationToken).ConfigureAwait(false);
        var holder = parts.FirstOrDefault(part => part.IsHolder);
        if (holder is { HasEnded: true } or null && parts.Count > 0)
        {
            if (parts.Any(part => !part.IsHolder && !part.IsCreated))
            {
                return parts;
            }

            await remover.Remove(identity.InstanceId, parts, cancellationToken).ConfigureAwait(false);
            (parts, holder) = ([], null);
        }

        var profile = await profiles.Get(cancellationToken).ConfigureAwait(false);
        var ulimits = await ProcessLimits.For(profile, client.Address, cancellationToken).ConfigureAwait(false);
        await volumes.Ensure(spec.Volumes, profile, cancellationToken).ConfigureAwait(false);
        if (spec.SecretFiles.Count > 0 && holder is null)
        {
            await secretFiles.Ensure(identity.InstanceId, cancellationToken).ConfigureAwait(false);
        }

        using var place = await gate.Enter(cancellationToken).ConfigureAwait(false);

        // 2.
        var holderId = holder?.Id ?? await CreateHolder(identity, spec, profile, ulimits, cancellationToken).ConfigureAwait(false);

        // 3.
        var starting = holder is { IsRunning: true } ? Task.CompletedTask : StartContainer(holderId, "holder", identity, cancellationToken);
        var creating = spec.Containers
            .Select(container => parts.FirstOrDefault(part => !part.IsHolder && part.Name == container.Name) is { } made
                ? Task.FromResult((made.Id, IsNew: made.IsCreated, made.IsPaused, container.Name))
                : CreateContainer(identity, spec, container, holderId, profile, ulimits, cancellationToken))
            .ToArray();
        await Task.WhenAll([starting, .. creating]).ConfigureAwait(false);
        await HolderStarted(spec, profile, cancellationToken).ConfigureAwait(false);
        if (spec.SecretFiles.Count > 0 && creating[0].Result is { IsNew: true, Id: var main })
        {
            await secretFiles.Write(spec, holderId, main, cancellationToken).ConfigureAwait(false);
        }

        if (!isToRun)
        {
            return await reader.Parts(identity.InstanceId, cancellationToken).ConfigureAwait(false);
        }

        // 4.
        var containers = creating.Select(task => task.Result).ToArray();
        await Task.WhenAll(containers.Select(container =>
            container.IsPaused ? client.Do(EngineCall.Post("container.unpause", $"/containers/{container.Id}/unpause"), cancellationToken)
            : container.IsNew ? StartContainer(container.Id, container.Name, identity, cancellationToken)
            : Task.CompletedTask)).ConfigureAwait(false);

        // 5.
        var started = await reader.Parts(identity.InstanceId, cancellationToken).ConfigureAwait(false);
        return await execWatch.WaitForExec(started, containers.Where(container => container.IsNew).Select(container => container.Id).ToHashSet(), cancellationToken)
            .ConfigureAwait(false)
            ? await reader.Parts(identity.InstanceId, cancellationToken).ConfigureAwait(false)
            : started;
    }

    private Task<NetworkKeeper> Keeper(InstanceSpec spec, CancellationToken cancellationToken) =>
        spec.Network is { } attachment ? vpcs.Keeper(attachment.VpcId, cancellationToken) : Task.FromResult(networks);

    /// <summary>In a VPC nothing passes that the filter does not know, so it has to hear of the holder before its containers start.</summary>
    private Task HolderStarted(InstanceSpec spec, EngineProfile profile, CancellationToken cancellationToken) =>
        spec.Network is null ? networks.HolderStarted(profile, cancellationToken) : vpcs.Refresh(cancellationToken);

    private void Forget(InstanceSpec spec)
    {
        if (spec.Network is null)
        {
            networks.Forget();
        }
        else
        {
            vpcs.Forget();
        }
    }

    private async Task<string> CreateHolder(
        InstanceIdentity identity, InstanceSpec spec, EngineProfile profile, IReadOnlyList<Ulimit>? ulimits, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var keeper = await Keeper(spec, cancellationToken).ConfigureAwait(false);
            var network = await keeper.Ensure(cancellationToken).ConfigureAwait(false);
            var image = await holderImage.Ensure(cancellationToken).ConfigureAwait(false);
            try
            {
                var address = await keeper.NextAddress(network, profile, cancellationToken).ConfigureAwait(false);
                var recipe = _holderRecipe.Create(identity, spec, image, network, address, profile, ulimits);
                return (await Create(InstanceNames.Holder(identity), recipe, identity, cancellationToken).ConfigureAwait(false)).Id;
            }
            catch (EngineApiException failure) when (!isRetry && IsMissingGround(failure))
            {
                // Somebody pruned image or network since we last looked.
                holderImage.Forget();
                keeper.Forget();
            }
        }
    }

    private async Task<(string Id, bool IsNew, bool IsPaused, string Name)> CreateContainer(
        InstanceIdentity identity,
        InstanceSpec spec,
        ContainerSpec container,
        string holderId,
        EngineProfile profile,
        IReadOnlyList<Ulimit>? ulimits,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var hasInit = _hasInit;
            try
            {
                var recipe = _containerRecipe.Create(identity, spec, container, holderId, profile, hasInit, ulimits);
                var (id, isNew) = await Create(InstanceNames.Container(identity, container.Name), recipe, identity, cancellationToken).ConfigureAwait(false);
                return (id, isNew, false, container.Name);
            }
            catch (EngineApiException failure) when (hasInit && failure.EngineMessage.Contains("init binary not found", StringComparison.Ordinal))
            {
                if (_hasInit)
                {
                    _hasInit = false;
                    EngineLog.NoInit(logger, RuntimeText.Clean(failure.EngineMessage));
                }
            }
            catch (EngineApiException failure)
            {
                throw EngineFailures.Translate($"creating container '{container.Name}' of {Describe(identity)} from image {container.Image}", failure);
            }
        }
    }

    /// <summary>Creates a container, or finds the one that an earlier attempt, whose answer was lost, has made.</summary>
    private async Task<(string Id, bool IsNew)> Create(string name, CreateContainer recipe, InstanceIdentity identity, CancellationToken cancellationToken)
    {
        foreach (var candidate in new[] { name, InstanceNames.Unique(name, identity) })
        {
            try
            {
                var created = await client.Read(
                    EngineCall.Post("container.create", EngineQuery.Of("/containers/create", ("name", candidate))).With(recipe, EngineJson.Default.CreateContainer),
                    EngineJson.Default.CreatedContainer,
                    cancellationToken).ConfigureAwait(false);
                return (created.Id, true);
            }
            catch (EngineApiException failure) when (IsNameTaken(failure))
            {
                var owner = await reader.Details(candidate, cancellationToken).ConfigureAwait(false);
                if (owner is not null && installation.Owns(owner.Config?.Labels) && owner.Config?.Labels?.GetValueOrDefault(Labels.Instance) == identity.InstanceId)
                {
                    return (owner.Id, owner.State.Status is "created" or "initialized" or "configured");
                }
            }
        }

        throw new EngineException(EngineFailure.Refused, $"Creating {Describe(identity)} failed: the names {name} and {InstanceNames.Unique(name, identity)} are both taken by containers that are not its own. Remove them.");
    }

    private async Task StartContainer(string id, string name, InstanceIdentity identity, CancellationToken cancellationToken)
    {
        try
        {
            await client.Do(
                EngineCall.Post("container.start", $"/containers/{id}/start") with { Timeout = StartTimeout, Tolerates = [HttpStatusCode.NotModified] }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (EngineApiException failure)
        {
            throw EngineFailures.Translate($"starting container '{name}' of {Describe(identity)}", failure);
        }
    }

    private static string Describe(InstanceIdentity identity) => $"instance {identity.InstanceId[..Math.Min(8, identity.InstanceId.Length)]} of service {identity.ServiceName}";

    private static bool IsNameTaken(EngineApiException failure) =>
        failure.EngineMessage.Contains("already in use", StringComparison.Ordinal) || failure.Status == HttpStatusCode.Conflict;

    /// <summary><c>network NAME not found</c>, in the engines' words.</summary>
    private static bool IsNetworkMissing(string message) =>
        message.Contains("network", StringComparison.OrdinalIgnoreCase) && message.Contains("not found", StringComparison.OrdinalIgnoreCase);

    /// <summary>Containers that others attach to the network have addresses of the engine's choice.</summary>
    private static bool IsAddressTaken(string message) => message.Contains("address already in use", StringComparison.OrdinalIgnoreCase);

    private static bool IsMissingGround(EngineApiException failure) =>
        failure.Status == HttpStatusCode.NotFound
        || failure.EngineMessage.Contains("network not found", StringComparison.OrdinalIgnoreCase)
        || failure.EngineMessage.Contains("no such image", StringComparison.OrdinalIgnoreCase);
}
