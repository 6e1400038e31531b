using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>Where a call came from and how, for policies that ask.</summary>
/// <param name="Address">The address of the other end of the connection; a proxy's where there is one.</param>
/// <param name="IsSecure">Whether it came by TLS.</param>
/// <param name="UserAgent">What the client calls itself.</param>
public sealed record CallOrigin(IPAddress? Address, bool IsSecure, string? UserAgent)
{
    /// <summary>A call that did not come by HTTP.</summary>
    public static CallOrigin Unknown { get; } = new(null, false, null);

    /// <summary>The origin of a request.</summary>
    public static CallOrigin Of(HttpContext context) => new(
        context.Connection.RemoteIpAddress,
        context.Request.IsHttps,
        context.Request.Headers.UserAgent is [{ Length: > 0 } agent] ? agent : null);
}
