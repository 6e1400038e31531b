using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Hosting;

internal static class EngineSettings
{
    public static DockerEngineOptions Of(ControlPlaneOptions options, string installationId) => new()
    {
        InstallationId = installationId,
        Socket = options.EngineSocket,
        AddressPool = options.AddressPool,
        PlatformPorts = [options.HttpPort, options.HttpsPort],
    };
}
