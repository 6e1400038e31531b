using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Networks;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>
/// The networks of all accounts and regions, each region held as one immutable map once somebody has asked for it. Whoever holds the store's lease is their only writer, and
/// changes go through here one after another. A region gets its default VPC with the first call that is about it.
/// </summary>
internal sealed class NetworkDirectory(IDocumentStore store, TimeProvider timeProvider) : IDisposable
{
    public const string ResourceKind = "network";

    /// <summary>Regions held at a time; any name is a region, so that callers could make up more. All are let go of when it is reached.</summary>
    private const int MaxHeld = 64;

    private readonly ConcurrentDictionary<ResourceScope, NetworkMap> _maps = new();

    /// <summary>Guards the order of changes. It is held while one is written: the next one must see it.</summary>
    private readonly SemaphoreSlim _changes = new(1, 1);

    /// <summary>Told after each change that was written.</summary>
    public event Action? Changed;

    public async ValueTask<NetworkMap> Read(ResourceScope scope, CancellationToken cancellationToken) =>
        _maps.TryGetValue(scope, out var known) ? known : await Change(scope, edit => edit.Map, cancellationToken);

    /// <summary>Regions that have anything, the default VPC at least.</summary>
    public async Task<IReadOnlyDictionary<ResourceScope, NetworkMap>> ReadAll(CancellationToken cancellationToken)
    {
        var documents = await store.Query(new DocumentQuery(ResourceKind), cancellationToken);
        return documents.GroupBy(document => document.Key.Scope).ToDictionary(region => region.Key, Map);
    }

    /// <param name="change">Checks and changes; what it throws ends the change.</param>
    public async Task<T> Change<T>(ResourceScope scope, Func<NetworkEdit, T> change, CancellationToken cancellationToken)
    {
        var isWritten = false;
        await _changes.WaitAsync(cancellationToken);
        try
        {
            if (!_maps.TryGetValue(scope, out var map))
            {
                map = Map(await store.Query(new DocumentQuery(ResourceKind) { Scope = scope }, cancellationToken));
            }

            var edit = new NetworkEdit(scope, map, timeProvider.GetUtcNow());
            if (map.Find<RegionRecord>(RegionRecord.TheId) is null)
            {
                foreach (var resource in DefaultNetwork.Region(scope.Region, NetworkIds.Of, edit.Now))
                {
                    edit.Put(resource);
                }
            }

            var answer = change(edit);
            if (edit.Writes.Count > 0)
            {
                // Whether it was written is not known when this throws: the next reader asks the store.
                _maps.TryRemove(scope, out _);
                await store.Commit(edit.Writes, cancellationToken);
                isWritten = true;
            }

            if (_maps.Count >= MaxHeld)
            {
                _maps.Clear();
            }

            _maps[scope] = edit.Map;
            return answer;
        }
        finally
        {
            _changes.Release();
            if (isWritten)
            {
                Changed?.Invoke();
            }
        }
    }

    public void Dispose() => _changes.Dispose();

    private static NetworkMap Map(IEnumerable<Document> documents) => new(documents
        .Select(document => JsonSerializer.Deserialize(document.Body, NetworkJson.Default.NetworkResource)
            ?? throw new StoreException($"The document {document.Key} is empty. Restore the state from a backup."))
        .ToImmutableDictionary(resource => resource.Id, StringComparer.Ordinal));
}
