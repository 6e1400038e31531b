using Microsoft.Extensions.Logging;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>Puts our nft tables in place, where this process may and the program exists; says once why not.</summary>
internal sealed class Firewall(NftProgram nft, DockerEngineOptions options, Installation installation, ILogger logger)
{
    private int _warned;

    /// <returns>Whether what instances send to the platform is led to it.</returns>
    public async Task<bool> Apply(InstanceNetwork network, EngineProfile profile, CancellationToken cancellationToken)
    {
        if (!options.FirewallRules)
        {
            return false;
        }

        if (nft.Obstacle is { } obstacle)
        {
            WarnOnce(obstacle, profile);
            return false;
        }

        var table = installation.FirewallTable;
        LetBridgeReachLoopback(network);
        var rules = FirewallRules.Routed(table, network.Bridge, network.Gateway, options.PlatformPorts, options.InstanceEndpointPort);
        var failure = await nft.Load(rules, cancellationToken).ConfigureAwait(false);

        // Older or smaller kernels cannot match a bridge by name.
        var bridged = await nft.Load(FirewallRules.Bridged(table, network.Bridge, network.Subnet, matchesBridgeName: true), cancellationToken).ConfigureAwait(false) is null
            ? null
            : await nft.Load(FirewallRules.Bridged(table, network.Bridge, network.Subnet, matchesBridgeName: false), cancellationToken).ConfigureAwait(false);
        if ((failure ?? bridged) is { } problem)
        {
            WarnOnce(problem, profile);
        }

        return failure is null;
    }

    /// <summary>The kernel drops packets for 127.0.0.1 that come from elsewhere unless told otherwise; only the platform's ports are led there.</summary>
    public void LetBridgeReachLoopback(InstanceNetwork network)
    {
        if (options.FirewallRules && (options.PlatformPorts.Count > 0 || options.InstanceEndpointPort is not null) && Environment.IsPrivilegedProcess && network.IsRoutable)
        {
            LetReachLoopback(network.Bridge);
        }
    }

    /// <summary>The same for any bridge that is there.</summary>
    public static void LetReachLoopback(string bridge)
    {
        var setting = $"/proc/sys/net/ipv4/conf/{bridge}/route_localnet";
        if (File.Exists(setting))
        {
            File.WriteAllText(setting, "1");
        }
    }

    public async Task Remove(CancellationToken cancellationToken)
    {
        if (options.FirewallRules && nft.Obstacle is null && await nft.Load(FirewallRules.Removal(installation.FirewallTable), cancellationToken).ConfigureAwait(false) is { } problem)
        {
            EngineLog.FirewallNotRemoved(logger, installation.FirewallTable, problem);
        }
    }

    private void WarnOnce(string reason, EngineProfile profile)
    {
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            EngineLog.FirewallMissing(
                logger,
                reason,
                profile.IsPodman ? "Podman itself does not keep instances apart, so they can reach each other" : "the engine keeps instances apart, but they can reach this machine");
        }
    }
}
