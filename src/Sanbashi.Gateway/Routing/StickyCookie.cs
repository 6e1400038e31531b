using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Gateway.Routing;

/// <summary>
/// The cookie by which a client comes back to its instance or, where that is gone, to its revision. It names both by hashes, the instance by that of its random id:
/// every gateway finds the same, and nobody learns an address or an id from it. It ends with the browser's session, and scripts cannot read it.
/// </summary>
internal static class StickyCookie
{
    /// <summary>One for each service, since several of them may share a host name.</summary>
    public static string NameOf(string serviceId) => "sanbashi-sticky-" + Hash("service " + serviceId)[..8];

    public static string IdOf(string instanceId) => Hash("instance " + instanceId)[..32];

    public static string RevisionOf(string serviceId, int revision) => Hash(string.Create(CultureInfo.InvariantCulture, $"revision {serviceId} {revision}"))[..8];

    /// <summary>The instance's and the revision's part of a value.</summary>
    public static (string Instance, string Revision) Read(string value) =>
        value.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? (value[..dot], value[(dot + 1)..]) : (value, "");

    public static string Header(string name, Instance instance, bool isSecure) => $"{name}={instance.StickyId}.{instance.StickyRevision}; Path=/; HttpOnly; SameSite=Lax{(isSecure ? "; Secure" : "")}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("sanbashi-sticky " + text)));
}
