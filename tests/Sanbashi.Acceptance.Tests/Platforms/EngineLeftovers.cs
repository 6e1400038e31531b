using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Takes away what a platform that is gone for good has left in the engine.</summary>
internal static class EngineLeftovers
{
    private const string Label = "sanbashi.installation";

    public static async Task Remove(EngineApi engine, string stateDirectory)
    {
        if (InstallationId(stateDirectory) is not { } id || !await engine.Answers())
        {
            return;
        }

        var label = $"{Label}={id}";
        var containers = (await engine.Containers(label)).Select(container => container!).ToList();

        // Containers before the holders whose network they share.
        foreach (var container in containers.OrderBy(container => (string?)container["Labels"]?["sanbashi.role"] == "holder"))
        {
            await engine.Delete($"containers/{container["Id"]}?force=1&v=1");
        }

        foreach (var network in await engine.Networks(label))
        {
            await engine.Delete($"networks/{network!["Id"]}");
        }

        foreach (var volume in (await engine.Get($"volumes?filters={Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(label) }.ToJsonString())}"))["Volumes"]?.AsArray() ?? [])
        {
            await engine.Delete($"volumes/{volume!["Name"]}?force=1");
        }
    }

    private static string? InstallationId(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, "installation");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
