using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Networks;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>
/// Keeps one engine network: a subnet of our own pool. Engines' default pools end after about 30 networks
/// and overlap with whatever the machine is part of, so they are never used.
/// </summary>
internal sealed class NetworkKeeper
{
    /// <summary>How often another subnet is tried when the engine knows of an overlap that we do not see.</summary>
    private const int MostAttempts = 16;

    private readonly EngineClient _client;
    private readonly EngineProfileSource _profiles;
    private readonly DockerEngineOptions _options;
    private readonly Installation _installation;
    private readonly NetworkIdentity _identity;
    private readonly Firewall? _firewall;
    private readonly SubnetPool _pool;
    private readonly AddressTurn _turn = new();
    private readonly SingleFlight<InstanceNetwork> _network;
    private readonly ILogger _logger;

    /// <param name="firewall">Keeps the instances of the installation's own network apart.</param>
    public NetworkKeeper(EngineClient client, EngineProfileSource profiles, DockerEngineOptions options, Installation installation, NetworkIdentity identity, Firewall? firewall, ILogger logger)
    {
        _client = client;
        _profiles = profiles;
        _options = options;
        _installation = installation;
        _identity = identity;
        _firewall = firewall;
        _logger = logger;
        _pool = new SubnetPool(options.AddressPool, options.SubnetPrefixLength);
        _network = new SingleFlight<InstanceNetwork>(Make);
    }

    /// <summary>The network, made if missing, with its firewall rules in place.</summary>
    public Task<InstanceNetwork> Ensure(CancellationToken cancellationToken) => _network.Get(cancellationToken);

    /// <summary>The address for a new instance; null to let the engine choose.</summary>
    public async Task<IPAddress?> NextAddress(InstanceNetwork network, EngineProfile profile, CancellationToken cancellationToken)
    {
        // Podman takes turns by itself, and where ports are published nobody knows the addresses.
        if (profile.IsPodman || !network.IsRoutable)
        {
            return null;
        }

        var taken = new HashSet<uint>();
        foreach (var member in (await Find(cancellationToken).ConfigureAwait(false))?.Containers?.Values ?? [])
        {
            if (IPAddress.TryParse(member.Ipv4Address?.Split('/')[0], out var address))
            {
                taken.Add(Ipv4Block.Number(address));
            }
        }

        return _turn.Next(network.Subnet, network.Gateway, taken);
    }

    /// <summary>Podman makes the bridge with the first holder and takes it away with the last; what is set on it has to be set again.</summary>
    public async Task HolderStarted(EngineProfile profile, CancellationToken cancellationToken)
    {
        if (profile.IsPodman && _client.Address.IsLocal)
        {
            _firewall?.LetBridgeReachLoopback(await Ensure(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>The network may be gone, or the rules flushed: the next caller looks again.</summary>
    public void Forget() => _network.Forget();

    public async Task Remove(CancellationToken cancellationToken)
    {
        if (_firewall is not null)
        {
            await _firewall.Remove(cancellationToken).ConfigureAwait(false);
        }

        if (await Find(cancellationToken).ConfigureAwait(false) is { } network && _installation.Owns(network.Labels))
        {
            await _client.Do(
                EngineCall.Delete("network.remove", $"/networks/{network.Id}") with { Tolerates = [HttpStatusCode.NotFound] }, cancellationToken)
                .ConfigureAwait(false);
        }

        Forget();
    }

    private async Task<InstanceNetwork> Make()
    {
        var profile = await _profiles.Get(CancellationToken.None).ConfigureAwait(false);
        var details = await Find(CancellationToken.None).ConfigureAwait(false) ?? await Create().ConfigureAwait(false);
        var network = Describe(details, profile);
        if (_firewall is not null && network.IsRoutable && _client.Address.IsLocal)
        {
            var isLed = await _firewall.Apply(network, profile, CancellationToken.None).ConfigureAwait(false);
            return network with { HasEndpoint = isLed && _options.InstanceEndpointPort is not null };
        }

        return network;
    }

    private Task<NetworkDetails?> Find(CancellationToken cancellationToken) =>
        _client.Find(EngineCall.Get("network.inspect", $"/networks/{_identity.Name}"), EngineJson.Default.NetworkDetails, cancellationToken);

    private async Task<NetworkDetails> Create()
    {
        var taken = await TakenBlocks().ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var subnet = _pool.Choose(taken)
                ?? throw new EngineException(
                    EngineFailure.Refused,
                    $"No network can be made: every /{_options.SubnetPrefixLength} of the address pool {_pool} overlaps with an engine network or a route of this machine. Choose another pool.");
            try
            {
                await _client.Read(
                    EngineCall.Post("network.create", "/networks/create").With(Request(subnet), EngineJson.Default.CreateNetwork),
                    EngineJson.Default.CreatedNetwork,
                    CancellationToken.None).ConfigureAwait(false);
            }
            catch (EngineApiException failure) when (IsOverlap(failure) && attempt < MostAttempts)
            {
                taken.Add(subnet);
                continue;
            }
            catch (EngineApiException failure) when (failure.Status == HttpStatusCode.Conflict)
            {
                // Somebody made it in the meantime; reading it back decides.
            }

            return await Find(CancellationToken.None).ConfigureAwait(false)
                ?? throw new EngineException(EngineFailure.Refused, $"The network {_identity.Name} was made, but the engine does not know it.");
        }
    }

    private CreateNetwork Request(Ipv4Block subnet) => new()
    {
        Name = _identity.Name,
        Ipam = new IpamConfig { Config = [new IpamPool(subnet.ToString(), subnet.Gateway.ToString())] },
        Options = new Dictionary<string, string>
        {
            ["com.docker.network.bridge.name"] = _identity.Bridge,
            ["com.docker.network.bridge.enable_icc"] = _identity.VpcId is null ? "false" : "true",
        },
        Labels = _identity.VpcId is null
            ? new Dictionary<string, string> { [Labels.Installation] = _installation.Id }
            : new Dictionary<string, string> { [Labels.Installation] = _installation.Id, [Labels.Vpc] = _identity.VpcId },
    };

    private async Task<List<Ipv4Block>> TakenBlocks()
    {
        var networks = await _client.Read(EngineCall.Get("network.list", "/networks"), EngineJson.Default.ListNetworkDetails, CancellationToken.None).ConfigureAwait(false);
        var taken = new List<Ipv4Block>(_client.Address.IsLocal ? HostRoutes.Read() : []);
        foreach (var pool in networks.SelectMany(network => network.Ipam?.Config ?? []))
        {
            if (Ipv4Block.TryParse(pool.Subnet, out var block))
            {
                taken.Add(block);
            }
        }

        return taken;
    }

    private InstanceNetwork Describe(NetworkDetails details, EngineProfile profile)
    {
        if (!_installation.Owns(details.Labels))
        {
            throw new EngineException(
                EngineFailure.Refused, $"The engine has a network {details.Name} that is not this installation's. Remove it ('docker network rm {details.Name}') or use another installation id.");
        }

        var pool = details.Ipam?.Config?.FirstOrDefault(pool => Ipv4Block.TryParse(pool.Subnet, out _));
        if (pool is null || !Ipv4Block.TryParse(pool.Subnet, out var subnet))
        {
            throw new EngineException(EngineFailure.Refused, $"The engine's network {details.Name} has no IPv4 subnet. Remove it; it is made anew.");
        }

        var gateway = IPAddress.TryParse(pool.Gateway, out var given) ? given : subnet.Gateway;
        return new InstanceNetwork(details.Name, _identity.Bridge, subnet, gateway, IsRoutable(profile, gateway), HasEndpoint: false);
    }

    private bool IsRoutable(EngineProfile profile, IPAddress gateway)
    {
        var isRoutable = _options.Endpoints switch
        {
            EndpointMode.Bridge => true,
            EndpointMode.Published => false,
            _ => OperatingSystem.IsLinux() && _client.Address.IsLocal && !profile.IsRootless && !profile.IsDesktop

                // Podman makes the bridge with the first holder. Docker has made it: if it is not among our interfaces, the engine lives elsewhere.
                && (profile.IsPodman || HasAddress(gateway)),
        };
        EngineLog.NetworkReady(_logger, _identity.Name, isRoutable ? "bridge addresses" : "published ports");
        return isRoutable;
    }

    private static bool HasAddress(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().Any(device => device.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(address)));

    private static bool IsOverlap(EngineApiException failure) =>
        failure.EngineMessage.Contains("overlap", StringComparison.OrdinalIgnoreCase) || failure.EngineMessage.Contains("already used", StringComparison.OrdinalIgnoreCase);
}
