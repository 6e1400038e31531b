using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Sanbashi.Wire;

/// <summary>
/// Refuses requests whose <c>Host</c> is a foreign name: a web page can let its own name resolve to this machine and then
/// talk to us as its own origin (DNS rebinding). An IP address or a name under <c>localhost</c> cannot be rebound.
/// </summary>
public sealed class HostGuard(IOptions<WireOptions> options)
{
    private readonly string[] _allowed = [.. options.Value.AllowedHosts];

    /// <summary>Whether requests to this host are answered.</summary>
    public bool IsAllowed(HostString host)
    {
        var name = host.Host.TrimEnd('.');
        return name.Length > 0
            && (IPAddress.TryParse(name.Trim('[', ']'), out _)
                || Matches(name, "localhost")
                || Matches(name, "*.localhost")
                || _allowed.Any(allowed => Matches(name, allowed)));
    }

    private static bool Matches(string name, string allowed) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase) && name.Length > allowed.Length - 1
        : name.Equals(allowed, StringComparison.OrdinalIgnoreCase);

    internal static string Refusal(HostString host) =>
        $"The host name '{Excerpt.Of(host.Value ?? "", 100)}' is not one of this platform's. "
        + "Call it by localhost or by its address, or add the name to the allowed hosts.";
}
