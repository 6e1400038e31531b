using System.CommandLine;
using System.Net;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary>The options that <c>up</c> and <c>install</c> have in common: everything but where to listen.</summary>
internal static class PlatformSettings
{
    public static Option<string?> Domain { get; } = Text(
        "--domain", SupervisorDefaults.Domain, "NAME", "Services are reached below this name. 127.0.0.1.sslip.io-style names resolve in every program, *.localhost only in browsers and curl.");

    public static Option<string?> Account { get; } = Text("--account", SupervisorDefaults.Account, "DIGITS", "The twelve digits of the account in ARNs.");

    public static Option<string?> Engine { get; } = new("--engine")
    {
        Description = $"The container engine's socket: Docker Engine 20.10 or newer, or Podman's compatible one. Default: $DOCKER_HOST, else {SupervisorDefaults.Engine}.",
        HelpName = "URL",
    };

    public static Option<string?> Store { get; } = new("--store")
    {
        Description = $"Where state is stored: postgres://USER:PASSWORD@HOST/DATABASE for PostgreSQL. ${SupervisorDefaults.StoreVariable} does the same and keeps a password out of the process list. Default: SQLite in the state folder.",
        HelpName = "URL",
    };

    public static Option<string[]> AllowHostPath { get; } = new("--allow-host-path")
    {
        Description = "A host folder that services may mount with the 'volume' setting, with everything below it; may be repeated. Default: none.",
        HelpName = "DIR",
    };

    public static Option<string?> AddressPool { get; } = new("--address-pool")
    {
        Description = "The network that instances' subnets are taken from. Default 10.213.0.0/16.",
        HelpName = "CIDR",
    };

    public static Option<string[]> TrustedProxy { get; } = new("--trusted-proxy")
    {
        Description = "A proxy in front of the gateway, by its address or network: its X-Forwarded-* and Forwarded headers are believed and passed on; may be repeated. Default: none, what clients send is replaced.",
        HelpName = "CIDR",
    };

    public static Option<bool?> HttpsRedirect { get; } = new("--https-redirect")
    {
        Description = "Answer plain HTTP with 308 to HTTPS, unless a trusted proxy says that its client came by HTTPS. Default: both are served.",
        HelpName = "true|false",
    };

    public static IReadOnlyList<Option> All { get; } = [Domain, Account, Engine, Store, AllowHostPath, AddressPool, TrustedProxy, HttpsRedirect];

    /// <summary>Lower-case, or null where none is given.</summary>
    public static string? DomainOf(ParseResult parsed) => parsed.GetValue(Domain)?.ToLowerInvariant();

    /// <exception cref="FormatException">It is not twelve digits.</exception>
    public static string? AccountOf(ParseResult parsed) => parsed.GetValue(Account) switch
    {
        null => null,
        { Length: 12 } account when account.All(char.IsAsciiDigit) => account,
        var wrong => throw new FormatException($"--account {wrong} is not twelve digits, for example {SupervisorDefaults.Account}."),
    };

    public static IReadOnlyList<string> AllowedHostPaths(ParseResult parsed) => [.. (parsed.GetValue(AllowHostPath) ?? []).Select(Path.GetFullPath)];

    /// <summary>As networks: an address alone is one of its own.</summary>
    /// <exception cref="FormatException">One is neither.</exception>
    public static IReadOnlyList<string> TrustedProxies(ParseResult parsed) => [.. (parsed.GetValue(TrustedProxy) ?? []).Select(Network)];

    private static string Network(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return $"{address}/{address.GetAddressBytes().Length * 8}";
        }

        return IPNetwork.TryParse(text, out var network)
            ? network.ToString()
            : throw new FormatException($"--trusted-proxy {text} is neither an address nor a network whose host bits are zero. Write 10.0.0.7, 10.0.0.0/8 or fd00::/8.");
    }

    private static Option<string?> Text(string name, string fallback, string valueName, string description) => new(name)
    {
        Description = $"{description} Default {fallback}.",
        HelpName = valueName,
    };
}
