using Sanbashi.ControlPlane.Services.Api;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>Where the gateway is reached, whatever the service.</summary>
public static class PlatformAddress
{
    /// <summary>Programs that use the C library do not resolve names below <c>.localhost</c>; everything resolves <c>localhost</c> itself.</summary>
    public static string Host(ControlPlaneOptions options) =>
        options.Domain.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? "localhost" : options.Domain;

    public static string HttpUrl(ControlPlaneOptions options) => $"http://{Host(options)}{ServiceAddress.Port(options.HttpPort, 80)}";

    public static string HttpsUrl(ControlPlaneOptions options) => $"https://{Host(options)}{ServiceAddress.Port(options.HttpsPort, 443)}";
}
