using System.Globalization;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Secrets;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>What an application's container is created from: joined to its holder, hardened, limited, without any automatism of the engine.</summary>
internal sealed class ContainerRecipe(DockerEngineOptions options, Installation installation)
{
    /// <summary>
    /// What ordinary web images need: entry points that start as root, prepare files and step down to a user (CHOWN, DAC_OVERRIDE, FOWNER, FSETID, SETGID,
    /// SETUID, SETPCAP), signal their workers (KILL) and listen on low ports (NET_BIND_SERVICE). Of Docker's default set are left out: AUDIT_WRITE, MKNOD,
    /// NET_RAW (would allow forged packets), SETFCAP, SYS_CHROOT.
    /// </summary>
    public static readonly IReadOnlyList<string> Capabilities =
        ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETPCAP", "SETUID"];

    /// <summary>Applications die before the platform when the machine runs out of memory.</summary>
    private const int OomScoreAdjustment = 300;

    public CreateContainer Create(
        InstanceIdentity identity, InstanceSpec spec, ContainerSpec container, string holderId, EngineProfile profile, bool hasInit, IReadOnlyList<Ulimit>? ulimits)
    {
        var limits = ContainerLimits.Of(spec.Size, spec.Containers.Count, profile.CpuCount);
        return new CreateContainer
        {
            Image = container.Image,
            Cmd = container.Command,
            Entrypoint = container.Entrypoint,
            Env = [.. container.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            Labels = LabelsOf(identity, container),

            // A frozen container would turn unhealthy; health is the platform's business.
            Healthcheck = new HealthcheckConfig(["NONE"]),
            HostConfig = new HostConfig
            {
                NetworkMode = "container:" + holderId,

                // A plain PID 1 ignores SIGTERM unless it asks for it, and would wait out every stop time-out.
                Init = hasInit,
                CapDrop = ["ALL"],
                CapAdd = Capabilities,
                SecurityOpt = ["no-new-privileges"],
                PidsLimit = options.PidsLimit,
                CpuPeriod = ContainerLimits.CpuPeriod,
                CpuQuota = limits.CpuQuota,
                Memory = limits.MemoryBytes,

                // Unset, it would be twice the memory.
                MemorySwap = limits.MemoryBytes,
                OomScoreAdj = OomScoreAdjustment,
                LogConfig = Logging(),
                Mounts = Mounts(identity, spec, container),
                Ulimits = ulimits,
            },
        };
    }

    private Dictionary<string, string> LabelsOf(InstanceIdentity identity, ContainerSpec container)
    {
        var labels = InstanceLabels.Of(installation, identity, Labels.ContainerRole);
        labels[Labels.Container] = container.Name;
        return labels;
    }

    private LogConfig Logging() => new("json-file", new Dictionary<string, string>
    {
        ["max-size"] = string.Create(CultureInfo.InvariantCulture, $"{options.LogFileMegabytes}m"),
        ["max-file"] = options.LogFiles.ToString(CultureInfo.InvariantCulture),
    });

    private MountConfig[]? Mounts(InstanceIdentity identity, InstanceSpec spec, ContainerSpec container)
    {
        var hasSecrets = spec.SecretFiles.Count > 0 && container == spec.Containers[0];
        MountConfig[] mounts = [.. spec.Volumes.Select(Mount), .. hasSecrets ? [SecretFiles.Mount(installation, identity.InstanceId, isReadOnly: true)] : Array.Empty<MountConfig>()];
        return mounts.Length > 0 ? mounts : null;
    }

    private MountConfig Mount(VolumeMount volume) => volume.IsHostPath
        ? new MountConfig("bind", volume.Source, volume.Target, volume.ReadOnly)
        : new MountConfig("volume", installation.Volume(volume.Source), volume.Target, volume.ReadOnly);
}
