using System.Globalization;
using System.Net;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Networks;
using Sanbashi.Engines.Docker.Secrets;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>What a holder is created from. It owns everything that a joined container refuses: networks, host name, hosts, DNS, ports, sysctls.</summary>
internal sealed class HolderRecipe(DockerEngineOptions options, Installation installation)
{
    /// <param name="address">The instance's own in the network; null to let the engine choose.</param>
    public CreateContainer Create(
        InstanceIdentity identity, InstanceSpec spec, string image, InstanceNetwork network, IPAddress? address, EngineProfile profile, IReadOnlyList<Ulimit>? ulimits) => new()
    {
        Image = image,
        User = "65534:65534",
        Hostname = InstanceNames.Hostname(identity),

        // As PID 1 it ignores SIGTERM.
        StopSignal = "SIGKILL",
        Labels = LabelsOf(identity, spec),
        ExposedPorts = Published(spec, network) is { } exposed ? new Dictionary<string, EmptyObject> { [exposed] = EmptyObject.Instance } : null,
        NetworkingConfig = new NetworkingConfig(new Dictionary<string, EndpointRequest>
        {
            [network.Name] = new EndpointRequest { Ipam = address is null ? null : new EndpointAddress(address.ToString()) },
        }),
        HostConfig = new HostConfig
        {
            NetworkMode = network.Name,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            ReadonlyRootfs = true,
            LogConfig = new LogConfig("none"),

            // In memory for as long as somebody has it mounted, so the one that lives longest does.
            Mounts = spec.SecretFiles.Count > 0 ? [SecretFiles.Mount(installation, identity.InstanceId, isReadOnly: false)] : null,
            Dns = options.InstanceDns.Count > 0 ? [.. options.InstanceDns.Select(server => Address(server, network))] : null,
            ExtraHosts = Hosts(network),
            Sysctls = Sysctls(profile),
            Ulimits = ulimits,
            PortBindings = Published(spec, network) is { } published
                ? new Dictionary<string, IReadOnlyList<PortBinding>> { [published] = [new PortBinding("127.0.0.1", "")] }
                : null,
        },
    };

    private Dictionary<string, string> LabelsOf(InstanceIdentity identity, InstanceSpec spec)
    {
        var labels = InstanceLabels.Of(installation, identity, Labels.HolderRole);
        labels[Labels.Containers] = string.Join(',', spec.Containers.Select(container => container.Name));
        labels[Labels.Cpu] = spec.Size.CpuUnits.ToString(CultureInfo.InvariantCulture);
        labels[Labels.Memory] = spec.Size.MemoryMegabytes.ToString(CultureInfo.InvariantCulture);
        if (spec.SecretFiles.Count > 0)
        {
            labels[Labels.SecretFiles] = "yes";
        }

        if (spec.Port is { } port)
        {
            labels[Labels.Port] = port.ToString(CultureInfo.InvariantCulture);
        }

        if (spec.Network is { } network)
        {
            labels[Labels.Vpc] = network.VpcId;
            labels[Labels.Subnet] = network.SubnetOf(identity.InstanceId);
            labels[Labels.SecurityGroups] = string.Join(',', network.GroupIds);
        }

        return labels;
    }

    private string[]? Hosts(InstanceNetwork network) =>
        options.InstanceHosts.Count == 0
            ? null
            : [.. options.InstanceHosts.Select(host => $"{host.Key}:{Address(host.Value, network)}")];

    private static string Address(string address, InstanceNetwork network) => address == "gateway" ? network.Gateway.ToString() : address;

    private static string? Published(InstanceSpec spec, InstanceNetwork network) =>
        network.IsRoutable || spec.Port is not { } port ? null : string.Create(CultureInfo.InvariantCulture, $"{port}/tcp");

    private static Dictionary<string, string> Sysctls(EngineProfile profile)
    {
        // Images that are not root like to listen on 80; Docker allows it by itself, Podman does not.
        var sysctls = new Dictionary<string, string> { ["net.ipv4.ip_unprivileged_port_start"] = "0" };
        if (profile.IsPodman && !profile.IsRootless)
        {
            // Docker turns IPv6 off in networks without it; Podman leaves link-local addresses, by which neighbours would reach each other.
            sysctls["net.ipv6.conf.eth0.disable_ipv6"] = "1";
        }

        return sysctls;
    }
}
