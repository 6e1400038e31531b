using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>Puts our nft tables in place, where this process may and the program exists; says once why not.</summary>
internal sealed class Firewall(DockerEngineOptions options, Installation installation, ILogger logger)
{
    private static readonly string[] Programs = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", "/usr/local/sbin/nft"];

    private readonly string? _program = Programs.FirstOrDefault(File.Exists);
    private int _warned;

    public async Task Apply(InstanceNetwork network, EngineProfile profile, CancellationToken cancellationToken)
    {
        if (!options.FirewallRules)
        {
            return;
        }

        if (Obstacle() is { } obstacle)
        {
            WarnOnce(obstacle, profile);
            return;
        }

        var table = installation.FirewallTable;
        LetBridgeReachLoopback(network);
        var failure = await Load(FirewallRules.Routed(table, network.Bridge, network.Gateway, options.PlatformPorts), cancellationToken).ConfigureAwait(false);

        // Older or smaller kernels cannot match a bridge by name.
        var bridged = await Load(FirewallRules.Bridged(table, network.Bridge, network.Subnet, matchesBridgeName: true), cancellationToken).ConfigureAwait(false) is null
            ? null
            : await Load(FirewallRules.Bridged(table, network.Bridge, network.Subnet, matchesBridgeName: false), cancellationToken).ConfigureAwait(false);
        if ((failure ?? bridged) is { } problem)
        {
            WarnOnce(problem, profile);
        }
    }

    /// <summary>The kernel drops packets for 127.0.0.1 that come from elsewhere unless told otherwise; only the platform's ports are led there.</summary>
    public void LetBridgeReachLoopback(InstanceNetwork network)
    {
        var setting = $"/proc/sys/net/ipv4/conf/{network.Bridge}/route_localnet";
        if (options is { FirewallRules: true, PlatformPorts.Count: > 0 } && Environment.IsPrivilegedProcess && network.IsRoutable && File.Exists(setting))
        {
            File.WriteAllText(setting, "1");
        }
    }

    public async Task Remove(CancellationToken cancellationToken)
    {
        if (options.FirewallRules && Obstacle() is null && await Load(FirewallRules.Removal(installation.FirewallTable), cancellationToken).ConfigureAwait(false) is { } problem)
        {
            EngineLog.FirewallNotRemoved(logger, installation.FirewallTable, problem);
        }
    }

    private string? Obstacle() =>
        _program is null ? "the program nft is not installed (Debian: nftables)"
        : !Environment.IsPrivilegedProcess ? "only root may change firewall rules"
        : null;

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

    /// <summary>Null on success, else what nft said.</summary>
    private async Task<string?> Load(string rules, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10), options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(_program!, ["-f", "-"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true },
        };
        process.Start();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            await process.StandardInput.WriteAsync(rules.AsMemory(), linked.Token).ConfigureAwait(false);
            process.StandardInput.Close();
            await process.WaitForExitAsync(linked.Token).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            return process.ExitCode == 0 ? null : (await errors.ConfigureAwait(false)).Trim();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            return "nft did not end within 10 s";
        }
    }
}
