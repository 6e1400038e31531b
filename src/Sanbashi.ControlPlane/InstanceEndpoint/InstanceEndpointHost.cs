using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Sanbashi.ControlPlane.Hosting;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>The listener that instances reach.</summary>
internal static class InstanceEndpointHost
{
    /// <summary>Of all instances together: what floods the endpoint must not take memory from the rest of the control plane.</summary>
    private const long MaxConnections = 512;

    /// <param name="map">What is answered besides the API.</param>
    public static WebApplication Build(ApiHostParts parts, InstanceListener listener, Action<WebApplication> map) => ApiHost.Build(
        parts,
        host => host
            .UseSockets(sockets => sockets.CreateBoundListenSocket = _ => listener.Socket)
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MaxConcurrentConnections = MaxConnections;
                kestrel.Listen(IPAddress.Loopback, listener.Port);
            }),
        map);
}
