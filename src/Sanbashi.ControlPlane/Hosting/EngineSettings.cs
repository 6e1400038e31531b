using Sanbashi.ControlPlane.Names;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Hosting;

internal static class EngineSettings
{
    public static DockerEngineOptions Of(ControlPlaneOptions options, string installationId) => new()
    {
        InstallationId = installationId,
        Socket = options.EngineSocket,
        AddressPool = options.AddressPool,
        PlatformPorts = [.. new[] { options.HttpPort, options.HttpsPort }.Where(port => port > 0)],

        // Ours first; it refuses what is not the platform's, and the engine's resolver goes on to the next.
        InstanceDns = ["gateway", .. HostResolvers.Read()],
    };
}
