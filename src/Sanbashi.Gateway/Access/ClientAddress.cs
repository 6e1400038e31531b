using System.Net;
using Microsoft.AspNetCore.Http;
using Sanbashi.Gateway.Forwarding;

namespace Sanbashi.Gateway.Access;

/// <summary>
/// Where a request really comes from: the peer, or, where that is a trusted proxy, the last address in X-Forwarded-For that is not one. What stands left of it
/// was written by somebody who is not trusted.
/// </summary>
internal static class ClientAddress
{
    public static IPAddress? Of(HttpContext context, TrustedProxies trustedProxies)
    {
        var peer = Plain(context.Connection.RemoteIpAddress);
        if (peer is null || !trustedProxies.Contains(peer))
        {
            return peer;
        }

        var client = peer;
        var lines = context.Request.Headers["X-Forwarded-For"];
        for (var line = lines.Count - 1; line >= 0; line--)
        {
            var hops = (lines[line] ?? "").Split(',', StringSplitOptions.TrimEntries);
            for (var hop = hops.Length - 1; hop >= 0; hop--)
            {
                if (!TryParse(hops[hop], out var address))
                {
                    return client;
                }

                client = address;
                if (!trustedProxies.Contains(client))
                {
                    return client;
                }
            }
        }

        return client;
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    /// <summary>An address, with a port or without.</summary>
    private static bool TryParse(string text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out var alone))
        {
            address = Plain(alone)!;
            return true;
        }

        if (IPEndPoint.TryParse(text, out var withPort))
        {
            address = Plain(withPort.Address)!;
            return true;
        }

        address = IPAddress.None;
        return false;
    }
}
