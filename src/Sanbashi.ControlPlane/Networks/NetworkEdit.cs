using System.Text.Json;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Networks;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>Changes that are written together.</summary>
internal sealed class NetworkEdit(ResourceScope scope, NetworkMap before, DateTimeOffset now)
{
    private readonly Dictionary<string, DocumentWrite> _writes = new(StringComparer.Ordinal);

    /// <summary>With all changes so far.</summary>
    public NetworkMap Map { get; private set; } = before;

    public ResourceScope Scope => scope;

    public DateTimeOffset Now => now;

    public IReadOnlyList<DocumentWrite> Writes => [.. _writes.Values];

    public T Put<T>(T resource)
        where T : NetworkResource
    {
        Map = Map.With(resource);
        _writes[resource.Id] = new DocumentWrite(Key(resource.Id), null, JsonSerializer.Serialize(resource, NetworkJson.Default.NetworkResource));
        return resource;
    }

    public void Remove(NetworkResource resource)
    {
        Map = Map.Without(resource.Id);
        _writes[resource.Id] = new DocumentWrite(Key(resource.Id), null, null);
    }

    private DocumentKey Key(string id) => new(NetworkDirectory.ResourceKind, scope, id);
}
