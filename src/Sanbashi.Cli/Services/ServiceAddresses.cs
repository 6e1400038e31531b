using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Services;

/// <summary>
/// How a service is reached. Names below <c>.localhost</c> resolve in browsers and curl but not in programs that use glibc's resolver, so there is
/// always a second form that works everywhere.
/// </summary>
/// <param name="Url">With the service's own name.</param>
/// <param name="Everywhere">A curl command that needs no name resolution.</param>
internal sealed record ServiceAddresses(string Url, string Everywhere)
{
    /// <summary>Null for a service that has no URL (yet).</summary>
    public static ServiceAddresses? Of(JsonObject service, PlatformConnection platform) =>
        (string?)service["ServiceUrl"] is { Length: > 0 } address ? Of(address, platform.GatewayHost) : null;

    /// <param name="address"><c>host[:port]</c>, as <c>ServiceUrl</c> gives it.</param>
    /// <param name="gatewayHost">The machine of the gateway.</param>
    public static ServiceAddresses Of(string address, string gatewayHost)
    {
        var colon = address.LastIndexOf(':');
        var host = colon < 0 ? address : address[..colon];
        var port = colon < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{address[(colon + 1)..]}");
        return new ServiceAddresses($"http://{host}{port}", $"curl -H 'Host: {host}' http://{gatewayHost}{port}/");
    }
}
