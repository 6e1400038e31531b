using System.Collections.Concurrent;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>Reads instances back from the engine, and remembers the ids of their containers so that a wake-up needs no search.</summary>
internal sealed class InstanceReader(EngineClient client, Installation installation)
{
    /// <summary>Containers asked about at a time.</summary>
    private const int Parallel = 16;

    /// <summary>Ids of application containers; holds the instances that exist, no more: refreshed by every list.</summary>
    private readonly ConcurrentDictionary<string, string[]> _containers = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<IReadOnlyList<InstancePart>>> All(CancellationToken cancellationToken)
    {
        var instances = (await Read(null, cancellationToken).ConfigureAwait(false))
            .GroupBy(part => part.Summary.Labels?.GetValueOrDefault(Labels.Instance) ?? "")
            .Where(group => group.Key.Length > 0)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<InstancePart>)[.. group]);
        foreach (var gone in _containers.Keys.Where(id => !instances.ContainsKey(id)))
        {
            _containers.TryRemove(gone, out _);
        }

        foreach (var (id, parts) in instances)
        {
            Remember(id, parts);
        }

        return [.. instances.Values];
    }

    public async Task<IReadOnlyList<InstancePart>> Parts(string instanceId, CancellationToken cancellationToken)
    {
        var parts = await Read(instanceId, cancellationToken).ConfigureAwait(false);
        Remember(instanceId, parts);
        return parts;
    }

    /// <summary>Ids of the application containers, from memory if possible; empty when there is no such instance.</summary>
    public async Task<IReadOnlyList<string>> ContainerIds(string instanceId, CancellationToken cancellationToken)
    {
        if (_containers.TryGetValue(instanceId, out var known))
        {
            return known;
        }

        return [.. (await Parts(instanceId, cancellationToken).ConfigureAwait(false)).Where(part => !part.IsHolder).Select(part => part.Id)];
    }

    public void Forget(string instanceId) => _containers.TryRemove(instanceId, out _);

    public Task<ContainerDetails?> Details(string id, CancellationToken cancellationToken) =>
        client.Find(EngineCall.Get("container.inspect", $"/containers/{id}/json"), EngineJson.Default.ContainerDetails, cancellationToken);

    private async Task<List<InstancePart>> Read(string? instanceId, CancellationToken cancellationToken)
    {
        var labels = instanceId is null ? [installation.LabelFilter] : new[] { installation.LabelFilter, $"{Labels.Instance}={instanceId}" };
        var summaries = await client.Read(
            EngineCall.Get("container.list", EngineQuery.Of("/containers/json", ("all", "1"), ("filters", EngineQuery.Filters(("label", labels))))),
            EngineJson.Default.ListContainerSummary,
            cancellationToken).ConfigureAwait(false);
        var parts = new InstancePart?[summaries.Count];
        await System.Threading.Tasks.Parallel.ForAsync(
            0,
            summaries.Count,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var part = new InstancePart(summaries[index], null);
                if (!part.IsHolder)
                {
                    // Gone since the list: not a part any more.
                    part = await Details(part.Id, token).ConfigureAwait(false) is { } details ? part with { Details = details } : null;
                }

                parts[index] = part;
            }).ConfigureAwait(false);
        return [.. parts.OfType<InstancePart>().Where(part => part.Status != "removing")];
    }

    private void Remember(string instanceId, IReadOnlyList<InstancePart> parts)
    {
        string[] ids = [.. parts.Where(part => !part.IsHolder).Select(part => part.Id)];
        if (ids.Length == 0)
        {
            _containers.TryRemove(instanceId, out _);
        }
        else
        {
            _containers[instanceId] = ids;
        }
    }
}
