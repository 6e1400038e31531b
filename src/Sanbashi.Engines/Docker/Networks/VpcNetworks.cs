using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Networks;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>
/// Keeps an engine network for each VPC of the design, and the packet filter in step with the design and with what is attached, whoever attached it. The filter is one nft table
/// that is replaced as a whole. A machine that cannot filter has no such networks: within one, the engine itself would let everything through.
/// </summary>
internal sealed class VpcNetworks(
    EngineClient client, EngineProfileSource profiles, DockerEngineOptions options, Installation installation, NftProgram nft, ILogger logger) : IDisposable
{
    /// <summary>How long an instance waits for the first design after a start.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, NetworkKeeper> _keepers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _hasDesign = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Guards the filter: one text is made and loaded at a time.</summary>
    private readonly SemaphoreSlim _filtering = new(1, 1);

    private volatile NetworkDesign _design = NetworkDesign.Empty;

    /// <summary>What the kernel was given last; null when that is not known.</summary>
    private volatile string? _loaded;

    /// <param name="design">What is wanted.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Where the networks are.</returns>
    public async Task<IReadOnlyList<NetworkPlace>> Apply(NetworkDesign design, CancellationToken cancellationToken)
    {
        if (design.Vpcs.Count > 0)
        {
            await DemandFilter(cancellationToken).ConfigureAwait(false);
        }

        _design = design;
        _hasDesign.TrySetResult();
        var places = await Refresh(cancellationToken).ConfigureAwait(false);
        await RemoveUnwanted(cancellationToken).ConfigureAwait(false);
        return places;
    }

    /// <summary>The network of a VPC.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public async Task<NetworkKeeper> Keeper(string vpcId, CancellationToken cancellationToken)
    {
        try
        {
            await _hasDesign.Task.WaitAsync(_patience, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new EngineException(EngineFailure.Refused, $"The network of {vpcId} is not ready: the networks of VPCs could not be laid out. The platform's log says why.");
        }

        return _design.Vpcs.Any(vpc => vpc.Id == vpcId)
            ? Of(vpcId)
            : throw new EngineException(EngineFailure.Refused, $"There is no network of {vpcId}: its VPC connector or the VPC itself was deleted. Give the service another connector.");
    }

    /// <summary>Looks what is attached now, and loads the filter if that changes it.</summary>
    public async Task<IReadOnlyList<NetworkPlace>> Refresh(CancellationToken cancellationToken)
    {
        await _filtering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var design = _design;
            var places = new List<NetworkPlace>();
            foreach (var vpc in design.Vpcs)
            {
                var network = await Of(vpc.Id).Ensure(cancellationToken).ConfigureAwait(false);
                places.Add(new NetworkPlace(vpc.Id, network.Bridge, network.Subnet));
            }

            var members = places.Count > 0 ? await Members(design, cancellationToken).ConfigureAwait(false) : [];
            var text = PacketFilter.Render(installation.VpcFirewallTable, design, places, members, options.GatewayPorts, [installation.Bridge]);
            if (text == _loaded || (places.Count == 0 && nft.Obstacle is not null))
            {
                return places;
            }

            _loaded = null;
            if (places.Count > 0)
            {
                BridgeNetfilter.Ensure();
            }

            foreach (var place in places.Where(place => design.Vpcs.Any(vpc => vpc.Id == place.VpcId && vpc.Endpoints.Count > 0)))
            {
                Firewall.LetReachLoopback(place.Bridge);
            }

            if (await nft.Load(text, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                throw new EngineException(EngineFailure.Refused, $"Loading the packet filter of VPCs failed: {problem}");
            }

            _loaded = text;
            return places;
        }
        finally
        {
            _filtering.Release();
        }
    }

    /// <summary>Networks may be gone, or rules flushed: the next one looks again.</summary>
    public void Forget()
    {
        _loaded = null;
        foreach (var keeper in _keepers.Values)
        {
            keeper.Forget();
        }
    }

    /// <summary>Everything, whatever is wanted.</summary>
    public async Task Remove(CancellationToken cancellationToken)
    {
        _design = NetworkDesign.Empty;
        Forget();
        await Refresh(cancellationToken).ConfigureAwait(false);
        await RemoveUnwanted(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _filtering.Dispose();

    private NetworkKeeper Of(string vpcId) => _keepers.GetOrAdd(
        vpcId, id => new NetworkKeeper(client, profiles, options, installation, NetworkIdentity.Vpc(installation, id), firewall: null, logger));

    private async Task DemandFilter(CancellationToken cancellationToken)
    {
        var profile = await profiles.Get(cancellationToken).ConfigureAwait(false);
        var obstacle = !options.FirewallRules ? "firewall rules are switched off"
            : !client.Address.IsLocal || profile.IsRootless || profile.IsDesktop ? "the engine's networks are not on this machine, or belong to another user than root"
            : nft.Obstacle;
        if (obstacle is not null)
        {
            throw new EngineException(EngineFailure.Refused, $"VPCs are not available on this machine: {obstacle}.");
        }
    }

    private async Task<List<VpcMember>> Members(NetworkDesign design, CancellationToken cancellationToken)
    {
        var names = design.Vpcs.ToDictionary(vpc => installation.VpcNetwork(vpc.Id), vpc => vpc.Id, StringComparer.Ordinal);
        var containers = await client.Read(
            EngineCall.Get("container.list", EngineQuery.Of("/containers/json", ("filters", EngineQuery.Filters(("network", [.. names.Keys]))))),
            EngineJson.Default.ListContainerSummary,
            cancellationToken).ConfigureAwait(false);
        var members = new List<VpcMember>();
        foreach (var container in containers)
        {
            foreach (var (name, endpoint) in container.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings?>())
            {
                if (names.TryGetValue(name, out var vpcId) && IPAddress.TryParse(endpoint?.IpAddress, out var address))
                {
                    members.Add(Member(vpcId, address, container.Labels ?? new Dictionary<string, string>()));
                }
            }
        }

        return members;
    }

    /// <summary>Holders are instances of services. Everything else is somebody's own container, a database for example.</summary>
    private VpcMember Member(string vpcId, IPAddress address, IReadOnlyDictionary<string, string> labels) => new(
        vpcId,
        Ipv4Block.Number(address),
        labels.GetValueOrDefault(Labels.Subnet),
        labels.GetValueOrDefault(Labels.SecurityGroups)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        IsReachable: !installation.Owns(labels) || labels.GetValueOrDefault(Labels.Role) != Labels.HolderRole);

    private async Task RemoveUnwanted(CancellationToken cancellationToken)
    {
        var filter = EngineQuery.Filters(("label", [installation.LabelFilter, Labels.Vpc]));
        var networks = await client.Read(EngineCall.Get("network.list", EngineQuery.Of("/networks", ("filters", filter))), EngineJson.Default.ListNetworkDetails, cancellationToken)
            .ConfigureAwait(false);
        foreach (var network in networks)
        {
            var vpcId = network.Labels?.GetValueOrDefault(Labels.Vpc) ?? "";
            if (!installation.Owns(network.Labels) || vpcId.Length == 0 || _design.Vpcs.Any(vpc => vpc.Id == vpcId))
            {
                continue;
            }

            try
            {
                await client.Do(EngineCall.Delete("network.remove", $"/networks/{network.Id}") with { Tolerates = [HttpStatusCode.NotFound] }, cancellationToken).ConfigureAwait(false);
                EngineLog.VpcNetworkRemoved(logger, network.Name);
            }
            catch (EngineApiException failure) when (failure.Status is HttpStatusCode.Forbidden or HttpStatusCode.Conflict || failure.EngineMessage.Contains("active endpoints", StringComparison.Ordinal))
            {
                // Something is attached still; the next time may be better.
                EngineLog.VpcNetworkKept(logger, network.Name, failure.EngineMessage);
            }

            _keepers.TryRemove(vpcId, out _);
        }
    }
}
