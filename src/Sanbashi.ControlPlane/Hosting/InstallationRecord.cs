using System.Text.Json;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>Whose engine objects are ours. Made once per store and kept there, so that a restored store finds its containers again.</summary>
internal static class InstallationRecord
{
    private static readonly DocumentKey _key = new("installation", new ResourceScope("-", "-"), "id");

    public static async Task<string> LoadOrCreate(IDocumentStore store, IIdGenerator ids, CancellationToken cancellationToken)
    {
        if (await store.Get(_key, cancellationToken) is { } document)
        {
            return JsonSerializer.Deserialize(document.Body, ServiceJson.Default.String)
                ?? throw new StoreException("The installation id in the store is empty. Restore the state from a backup.");
        }

        var id = ids.NewId();
        await store.Commit([new DocumentWrite(_key, 0, JsonSerializer.Serialize(id, ServiceJson.Default.String))], cancellationToken);
        return id;
    }
}
