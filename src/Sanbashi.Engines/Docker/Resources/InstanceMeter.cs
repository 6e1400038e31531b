using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Instances;

namespace Sanbashi.Engines.Docker.Resources;

/// <summary>
/// Reads what instances use: from the kernel where its files can be read, else from the engine, which is some hundred times dearer. Remembers where each
/// container's accounts are, for those that were asked about last.
/// </summary>
internal sealed class InstanceMeter(EngineClient client, EngineProfileSource profiles, InstanceReader reader, TimeProvider time)
{
    /// <summary>Containers asked about at a time, where the engine must be asked: it has other things to do.</summary>
    private const int Parallel = 4;

    private Dictionary<string, Meter> _meters = new(StringComparer.Ordinal);

    /// <summary>One at a time. Instances of which a container cannot be read (it is gone, or not started) are not in the answer.</summary>
    public async Task<IReadOnlyDictionary<string, ResourceReading>> Read(IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken)
    {
        var profile = await profiles.Get(cancellationToken).ConfigureAwait(false);
        var known = _meters;
        var meters = new Dictionary<string, Meter>(StringComparer.Ordinal);
        var readings = new Dictionary<string, ResourceReading>(StringComparer.Ordinal);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            instanceIds,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (instanceId, token) =>
            {
                var containers = await Meters(instanceId, known, profile, token).ConfigureAwait(false);
                var reading = await Sum(containers, token).ConfigureAwait(false);
                lock (readings)
                {
                    if (reading is not null)
                    {
                        readings[instanceId] = reading;
                        foreach (var container in containers)
                        {
                            meters[container.Id] = container;
                        }
                    }
                }
            }).ConfigureAwait(false);
        _meters = meters;
        return readings;
    }

    private async Task<List<Meter>> Meters(string instanceId, Dictionary<string, Meter> known, EngineProfile profile, CancellationToken cancellationToken)
    {
        var meters = new List<Meter>();
        foreach (var id in await reader.ContainerIds(instanceId, cancellationToken).ConfigureAwait(false))
        {
            if (!known.TryGetValue(id, out var meter))
            {
                if (await reader.Details(id, cancellationToken).ConfigureAwait(false) is not { State.Pid: > 0 } details)
                {
                    return [];
                }

                meter = new Meter(
                    id,
                    client.Address.IsLocal ? ControlGroup.Find(details.State.Pid, id) : null,
                    details.HostConfig is { CpuQuota: > 0 } cpu ? cpu.CpuQuota / (double)(cpu.CpuPeriod > 0 ? cpu.CpuPeriod : ContainerLimits.CpuPeriod) : profile.CpuCount,
                    details.HostConfig is { Memory: > 0 } memory ? memory.Memory : profile.MemoryBytes);
            }

            meters.Add(meter);
        }

        return meters;
    }

    private async Task<ResourceReading?> Sum(List<Meter> containers, CancellationToken cancellationToken)
    {
        var (cpuTime, memory, cpuLimit, memoryLimit) = (TimeSpan.Zero, 0L, 0.0, 0L);
        foreach (var container in containers)
        {
            var use = container.Group is { } group ? group.Read() : await Ask(container.Id, cancellationToken).ConfigureAwait(false);
            if (use is not { } found)
            {
                return null;
            }

            cpuTime += found.CpuTime;
            memory += found.MemoryBytes;
            cpuLimit += container.CpuLimit;
            memoryLimit += container.MemoryLimit;
        }

        return containers.Count == 0 ? null : new ResourceReading(time.GetTimestamp(), cpuTime, memory, cpuLimit, memoryLimit);
    }

    /// <summary>Without <c>one-shot</c> the engine waits a second or two for a second reading of its own.</summary>
    private async Task<ContainerUse?> Ask(string containerId, CancellationToken cancellationToken)
    {
        var path = EngineQuery.Of($"/containers/{containerId}/stats", ("stream", "false"), ("one-shot", "true"));
        var stats = await client.Find(EngineCall.Get("container.stats", path), EngineJson.Default.ContainerStats, cancellationToken).ConfigureAwait(false);
        if (stats is not { Cpu.Usage: { Total: > 0 } cpu, Memory: { } memory })
        {
            // Gone, or ended while it was being read.
            return null;
        }

        var inactive = memory.Details?.GetValueOrDefault("total_inactive_file", memory.Details.GetValueOrDefault("inactive_file")) ?? 0;
        return ContainerUse.Of(TimeSpan.FromTicks((long)(cpu.Total / TimeSpan.NanosecondsPerTick)), memory.Usage, (long)inactive);
    }

    private sealed record Meter(string Id, ControlGroup? Group, double CpuLimit, long MemoryLimit);
}
