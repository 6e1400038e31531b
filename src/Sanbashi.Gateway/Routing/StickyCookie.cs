using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Gateway.Routing;

/// <summary>
/// The cookie by which a client comes back to its instance. It names the instance by a hash of its random id: every gateway finds the same, and nobody learns an
/// address or an id from it. It ends with the browser's session, and scripts cannot read it.
/// </summary>
internal static class StickyCookie
{
    /// <summary>One for each service, since several of them may share a host name.</summary>
    public static string NameOf(string serviceId) => "sanbashi-sticky-" + Hash("service " + serviceId)[..8];

    public static string IdOf(string instanceId) => Hash("instance " + instanceId)[..32];

    public static string Header(string name, Instance instance, bool isSecure) => $"{name}={instance.StickyId}; Path=/; HttpOnly; SameSite=Lax{(isSecure ? "; Secure" : "")}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("sanbashi-sticky " + text)));
}
