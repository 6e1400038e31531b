using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Definition;

namespace Sanbashi.Cli.Builds;

/// <summary>The image that a command means: the one it names, or the one it builds first.</summary>
internal static class ImageSource
{
    public static async Task<string> Resolve(
        PlatformConnection platform, ParseResult parsed, DefinitionOptions definition, string serviceName, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(definition.Build) is not { } folder)
        {
            return parsed.GetValue(definition.Image)!;
        }

        // One name per service: the revision keeps its own hold on the image, so the next build may take the name over.
        var tag = $"sanbashi-build/{serviceName.ToLowerInvariant()}:latest";
        var built = await ImageBuild.Run(platform, folder, parsed.GetValue(definition.Dockerfile) ?? "Dockerfile", tag, parsed.GetValue(GlobalOptions.Json), cancellationToken);
        return built.Tag;
    }

    /// <summary>The one port that the image exposes; null when it exposes none, several, or the port was given.</summary>
    public static async Task<int?> Port(
        PlatformConnection platform, ParseResult parsed, DefinitionOptions definition, string image, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(definition.Port) is not null)
        {
            return null;
        }

        var described = await platform.Api.Sanbashi("DescribeImage", new JsonObject { ["ImageIdentifier"] = image }, cancellationToken);
        var ports = described["ExposedPorts"]!.AsArray().Select(port => (int)port!).ToList();
        if (ports.Count > 1)
        {
            Console.Error.WriteLine($"The image exposes the ports {string.Join(", ", ports)}; {ports[0]} is used. --port says otherwise.");
        }

        return ports.Count > 0 ? ports[0] : null;
    }
}
