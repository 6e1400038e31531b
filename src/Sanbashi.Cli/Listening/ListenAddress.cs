using System.Globalization;
using System.Net;

namespace Sanbashi.Cli.Listening;

/// <summary>An address and port to listen on; port 0 lets the system choose.</summary>
/// <param name="Address">Where; <see cref="IPAddress.IPv6Any"/> also takes IPv4.</param>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <summary>
    /// Reads <c>127.0.0.1:4600</c>, <c>[::1]:4600</c>, <c>localhost:4600</c>, <c>*:80</c> or <c>:80</c> (every address), or a bare port (loopback).
    /// </summary>
    /// <exception cref="FormatException">It is none of these; the message says what was found and what is accepted.</exception>
    public static ListenAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "127.0.0.1" : text[..colon];
        var portText = colon < 0 ? text : text[(colon + 1)..];
        if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            throw Wrong(text, $"'{portText}' is not a port (0-65535)");
        }

        var address = host switch
        {
            "" or "*" => IPAddress.IPv6Any,
            "localhost" => IPAddress.Loopback,
            _ when host.StartsWith('[') && host.EndsWith(']') && IPAddress.TryParse(host[1..^1], out var six) => six,
            _ when !host.Contains(':') && IPAddress.TryParse(host, out var four) => four,
            _ => throw Wrong(text, $"'{host}' is not an IP address"),
        };
        return new ListenAddress(address, port);
    }

    /// <summary>Whether only programs on this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>The host that a client on this machine names in a URL.</summary>
    public string ClientHost => Address.Equals(IPAddress.IPv6Any) || Address.Equals(IPAddress.Any) || IsLoopback ? "localhost"
        : Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Address}]"
        : Address.ToString();

    public override string ToString() => new IPEndPoint(Address, Port).ToString();

    private static FormatException Wrong(string text, string found) =>
        new($"Cannot listen on '{text}': {found}. Write ADDRESS:PORT, for example 127.0.0.1:8080, [::1]:8080, *:8080 (every address) or 8080 (loopback).");
}
