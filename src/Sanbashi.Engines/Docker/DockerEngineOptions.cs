using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines;

/// <summary>How <see cref="DockerEngine"/> reaches its engine and what it lays out there.</summary>
public sealed record DockerEngineOptions
{
    /// <summary>
    /// Whose objects are whose: everything made carries it as a label, and nothing without it is touched. 1 to 64 letters, digits, <c>-</c> or <c>_</c>.
    /// </summary>
    public required string InstallationId { get; init; }

    /// <summary>
    /// <c>unix:///path</c>, a path, or <c>tcp://host:port</c> without encryption (for an engine whose published ports are this machine's, as in a virtual
    /// machine of Docker Desktop). Default: DOCKER_HOST, else <c>unix:///var/run/docker.sock</c>.
    /// </summary>
    public string Socket { get; init; } = DockerEngineDefaults.Socket;

    /// <summary>Addresses that networks of instances are taken from, as a CIDR block. Default 10.213.0.0/16.</summary>
    public string AddressPool { get; init; } = DockerEngineDefaults.AddressPool;

    /// <summary>
    /// Size of one network. Default 22: 1,021 instances, about as many as one Linux bridge has ports for (1,024). Between the pool's own length and 29.
    /// </summary>
    public int SubnetPrefixLength { get; init; } = DockerEngineDefaults.SubnetPrefixLength;

    /// <summary>How the platform reaches instances. Default: by bridge address where that is routable, else by published ports.</summary>
    public EndpointMode Endpoints { get; init; } = EndpointMode.Automatic;

    /// <summary>Name servers of instances, in the order in which they are asked; empty: the engine's own choice. <c>gateway</c> stands for this machine as instances see it.</summary>
    public IReadOnlyList<string> InstanceDns { get; init; } = [];

    /// <summary>Names that instances resolve without DNS. The address <c>gateway</c> stands for this machine as instances see it.</summary>
    public IReadOnlyDictionary<string, string> InstanceHosts { get; init; } = new Dictionary<string, string>();

    /// <summary>TCP ports of this machine that instances may reach (the API's instance-side address, the gateway); DNS is always allowed.</summary>
    public IReadOnlyList<int> PlatformPorts { get; init; } = [];

    /// <summary>The gateway's ports as members of a VPC with an endpoint call them. Default: none.</summary>
    public IReadOnlyList<GatewayPort> GatewayPorts { get; init; } = [];

    /// <summary>
    /// The port on 127.0.0.1 that instances reach at <see cref="PlatformVariables.EndpointAddress"/>, port 80; needs the firewall rules. Null: there is nothing for them.
    /// </summary>
    public int? InstanceEndpointPort { get; init; }

    /// <summary>Whether instances are fenced off with an nft table of ours as well. Default true; needs root and the <c>nft</c> program.</summary>
    public bool FirewallRules { get; init; } = true;

    /// <summary>Processes and threads that one container may have. Default 4,096.</summary>
    public int PidsLimit { get; init; } = DockerEngineDefaults.PidsLimit;

    /// <summary>Size of one log file that the engine keeps per container, in megabytes. Default 20.</summary>
    public int LogFileMegabytes { get; init; } = DockerEngineDefaults.LogFileMegabytes;

    /// <summary>How many log files the engine keeps per container. Default 3.</summary>
    public int LogFiles { get; init; } = DockerEngineDefaults.LogFiles;

    /// <summary>Folder of the Docker client's <c>config.json</c> with registry credentials. Default: DOCKER_CONFIG, else <c>~/.docker</c>.</summary>
    public string DockerConfigDirectory { get; init; } = DockerEngineDefaults.DockerConfigDirectory;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

public enum EndpointMode
{
    Automatic,

    /// <summary>The instance's address on the engine's bridge.</summary>
    Bridge,

    /// <summary>A port that the holder publishes on 127.0.0.1.</summary>
    Published,
}
