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

        await RemoveFilters($"sanbashi_{id[..8]}");
    }

    /// <summary>Packet filters stay with what runs, so they outlive the platform, and where the kernel knows no bridge by name they are about addresses that the next one gets.</summary>
    private static async Task RemoveFilters(string prefix)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/sbin/nft"))
        {
            return;
        }

        // Each line: table FAMILY NAME.
        var tables = (await Command.Run("/usr/sbin/nft", ["list", "tables"])).ShouldSucceed().Output.Split('\n').Select(line => line.Split(' '));
        foreach (var table in tables.Where(words => words is [_, _, var name] && name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            (await Command.Run("/usr/sbin/nft", ["delete", "table", table[1], table[2]])).ShouldSucceed();
        }
    }
}
