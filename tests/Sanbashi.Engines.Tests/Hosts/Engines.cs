using Microsoft.Extensions.Logging.Abstractions;

namespace Sanbashi.Engines.Tests.Hosts;

internal static class Engines
{
    public static DockerEngine Connect(string socket, string installation, Func<DockerEngineOptions, DockerEngineOptions>? configure = null)
    {
        var options = new DockerEngineOptions { Socket = socket, InstallationId = installation, DockerConfigDirectory = "/nonexistent" };
        return new DockerEngine(configure?.Invoke(options) ?? options, NullLogger<DockerEngine>.Instance);
    }
}
