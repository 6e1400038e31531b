using System.Text.Json;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Takes away what a platform that is gone for good has left in the engine.</summary>
internal static class EngineLeftovers
{
    public const string Label = "sanbashi.installation";

    /// <summary>Whose objects are whose: the id that the platform's store holds; null when it did not get that far.</summary>
    public static async Task<string?> InstallationId(string address)
    {
        if (address.StartsWith('/') && !File.Exists(address))
        {
            return null;
        }

        await using var store = await DocumentStores.Open(address, TimeProvider.System, null, CancellationToken.None);
        var document = await store.Get(new DocumentKey("installation", new ResourceScope("-", "-"), "id"), CancellationToken.None);
        return document is null ? null : JsonSerializer.Deserialize<string>(document.Body);
    }

    public static async Task Remove(EngineApi engine, string store)
    {
        if (await InstallationId(store) is not { } id || !await engine.Answers())
        {
            return;
        }

        var label = $"{Label}={id}";

        // Containers before the holders whose network they share.
        foreach (var container in (await engine.Containers(label)).OrderBy(container => (string?)container!["Labels"]?["sanbashi.role"] == "holder"))
        {
            await engine.Delete($"containers/{container!["Id"]}?force=1&v=1");
        }

        foreach (var network in await engine.Networks(label))
        {
            await engine.Delete($"networks/{network!["Id"]}");
        }

        var filter = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(label) }.ToJsonString());
        foreach (var volume in (await engine.Get($"volumes?filters={filter}"))["Volumes"]?.AsArray() ?? [])
        {
            await engine.Delete($"volumes/{volume!["Name"]}?force=1");
        }
    }
}
