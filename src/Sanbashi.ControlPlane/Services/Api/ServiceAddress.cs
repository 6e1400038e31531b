using System.Globalization;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Where users reach a service.</summary>
public static class ServiceAddress
{
    /// <summary>The host name that leads to the service.</summary>
    public static string Host(ServiceRecord service, ControlPlaneOptions options) => $"{service.HostLabel}.{options.Domain}";

    /// <summary>
    /// <c>ServiceUrl</c> as clients expect it: host without scheme. Clients put <c>https://</c> before it, people <c>http://</c>; where the gateway has
    /// neither standard port, the port of plain HTTP is in it, since that works without trusting the local certificate authority first.
    /// </summary>
    public static string Url(ServiceRecord service, ControlPlaneOptions options) =>
        options.HttpPort == 80 || options.HttpsPort == 443
            ? Host(service, options)
            : string.Create(CultureInfo.InvariantCulture, $"{Host(service, options)}:{options.HttpPort}");

    /// <summary>With scheme, for people.</summary>
    public static string HttpUrl(ServiceRecord service, ControlPlaneOptions options) => $"http://{Host(service, options)}{Port(options.HttpPort, 80)}";

    public static string HttpsUrl(ServiceRecord service, ControlPlaneOptions options) => $"https://{Host(service, options)}{Port(options.HttpsPort, 443)}";

    /// <summary>A name's port in a URL; nothing for the scheme's own.</summary>
    public static string Port(int port, int standard) => port == standard ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
}
