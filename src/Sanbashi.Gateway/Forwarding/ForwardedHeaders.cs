using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>
/// X-Forwarded-For, -Proto, -Host and -Port. What a client says of itself is replaced; what a trusted proxy says is kept, with the proxy's
/// address appended. The port is the one the client used: that of the Host header, else the scheme's.
/// </summary>
internal sealed class ForwardedHeaders(TrustedProxies trustedProxies)
{
    private const string For = "X-Forwarded-For";
    internal const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string Port = "X-Forwarded-Port";

    /// <summary>Whether a request header is written here and therefore not copied.</summary>
    public static bool Owns(string name) =>
        (name.Length is 15 or 16 or 17 && name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
            && (name.Equals(For, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Proto, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Host, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Port, StringComparison.OrdinalIgnoreCase)))
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase);

    public void Write(Exchange exchange, HttpRequestHeaders destination)
    {
        var request = exchange.Context.Request;
        var client = exchange.ClientAddress;
        if (trustedProxies.Contains(exchange.Context.Connection.RemoteIpAddress))
        {
            WriteTrusted(request, client, destination);
            return;
        }

        Add(destination, For, client);
        Add(destination, Proto, request.Scheme);
        var host = request.Headers.Host.ToString();
        Add(destination, Host, host);
        Add(destination, Port, PortOf(request, host));
    }

    private static void WriteTrusted(HttpRequest request, string client, HttpRequestHeaders destination)
    {
        var headers = request.Headers;
        var known = headers[For].ToString();
        Add(destination, For, known.Length == 0 ? client : $"{known}, {client}");
        Add(destination, Proto, Kept(Proto) ?? request.Scheme);
        var host = headers.Host.ToString();
        Add(destination, Host, Kept(Host) ?? host);
        Add(destination, Port, Kept(Port) ?? PortOf(request, host));
        Add(destination, "Forwarded", headers["Forwarded"].ToString());

        string? Kept(string name) => headers[name].ToString() is { Length: > 0 } value ? value : null;
    }

    private static string PortOf(HttpRequest request, string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') && colon < host.Length - 1 ? host[(colon + 1)..] : request.IsHttps ? "443" : "80";
    }

    private static void Add(HttpRequestHeaders destination, string name, string value)
    {
        if (value.Length > 0)
        {
            destination.TryAddWithoutValidation(name, value);
        }
    }
}
