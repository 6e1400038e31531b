using Sanbashi.ControlPlane.Names;
using Sanbashi.Domain.Networks;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Hosting;

internal static class EngineSettings
{
    /// <param name="instanceEndpointPort">Where the endpoint of instances listens; null: this process has none.</param>
    public static DockerEngineOptions Of(ControlPlaneOptions options, string installationId, int? instanceEndpointPort) => new()
    {
        InstallationId = installationId,
        InstanceEndpointPort = instanceEndpointPort,
        Socket = options.EngineSocket,
        AddressPool = options.AddressPool,
        PlatformPorts = [.. new[] { options.HttpPort, options.HttpsPort }.Where(port => port > 0)],

        GatewayPorts =
        [
            .. new GatewayPort[] { new(80, options.HttpPort), new(443, options.HttpsPort), new(options.HttpPort, options.HttpPort), new(options.HttpsPort, options.HttpsPort) }
                .Where(port => port.Target > 0),
        ],

        // Ours first; it refuses what is not the platform's, and the engine's resolver goes on to the next.
        InstanceDns = ["gateway", .. HostResolvers.Read()],
    };
}
