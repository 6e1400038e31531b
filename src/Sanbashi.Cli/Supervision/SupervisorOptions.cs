using Sanbashi.Cli.Listening;

namespace Sanbashi.Cli.Supervision;

/// <summary>What one run of the platform is started with. Travels as arguments to the hidden command <c>supervisor</c>, so that <c>ps</c> shows it.</summary>
internal sealed record SupervisorOptions
{
    public required string StateDirectory { get; init; }

    /// <summary>Where the API and the console listen.</summary>
    public IReadOnlyList<ListenAddress> Api { get; init; } = [ListenAddress.Parse(SupervisorDefaults.Api)];

    /// <summary>Where services' HTTP comes in; null: nowhere.</summary>
    public ListenAddress? Http { get; init; } = ListenAddress.Parse(SupervisorDefaults.Http);

    public ListenAddress? Https { get; init; } = ListenAddress.Parse(SupervisorDefaults.Https);

    /// <summary>Cleartext HTTP/2 with prior knowledge, on a port of its own.</summary>
    public ListenAddress? CleartextHttp2 { get; init; }

    public string Domain { get; init; } = SupervisorDefaults.Domain;

    public string Region { get; init; } = SupervisorDefaults.Region;

    public string Account { get; init; } = SupervisorDefaults.Account;

    /// <summary>The engine's socket, <c>unix:///...</c>.</summary>
    public string Engine { get; init; } = SupervisorDefaults.Engine;

    /// <summary>Host folders that services may mount (the <c>volume</c> setting); none unless the operator says so.</summary>
    public IReadOnlyList<string> AllowedHostPaths { get; init; } = [];

    /// <summary>Subnets for instances are taken from here; null: the control plane's default.</summary>
    public string? AddressPool { get; init; }

    /// <summary>Peers of the gateway whose X-Forwarded-* is believed, as networks; none unless the operator says so.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Whether plain HTTP is answered with the way to HTTPS.</summary>
    public bool RedirectsToHttps { get; init; }

    /// <summary>The program that the control plane and the gateway are started from; null: this one.</summary>
    public string? Program { get; init; }

    /// <summary>Events as JSON lines on standard output instead of words on standard error.</summary>
    public bool Json { get; init; }

    /// <exception cref="FormatException">An argument is not understood.</exception>
    public static SupervisorOptions Parse(IReadOnlyList<string> arguments)
    {
        var given = new RawArguments(
            arguments,
            ["--state", "--listen", "--http", "--https", "--h2c", "--domain", "--region", "--account", "--engine", "--allow-host-path", "--address-pool", "--trusted-proxy", "--program"],
            ["--https-redirect", "--json"]);
        return new SupervisorOptions
        {
            StateDirectory = given.Get("--state"),
            Api = [.. given.All("--listen").Select(ListenAddress.Parse)],
            Http = ParseOptional(given.Get("--http")),
            Https = ParseOptional(given.Get("--https")),
            CleartextHttp2 = ParseOptional(given.Get("--h2c")),
            Domain = given.Get("--domain"),
            Region = given.Get("--region"),
            Account = given.Get("--account"),
            Engine = given.Get("--engine"),
            AllowedHostPaths = given.All("--allow-host-path"),
            AddressPool = given.Find("--address-pool"),
            TrustedProxies = given.All("--trusted-proxy"),
            RedirectsToHttps = given.Has("--https-redirect"),
            Program = given.Find("--program"),
            Json = given.Has("--json"),
        };
    }

    /// <summary>The inverse of <see cref="Parse"/>.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        var arguments = new List<string> { "--state", StateDirectory };
        foreach (var address in Api)
        {
            arguments.AddRange(["--listen", address.ToString()]);
        }

        arguments.AddRange(["--http", Http?.ToString() ?? SupervisorDefaults.Nowhere, "--https", Https?.ToString() ?? SupervisorDefaults.Nowhere]);
        arguments.AddRange(["--h2c", CleartextHttp2?.ToString() ?? SupervisorDefaults.Nowhere]);
        arguments.AddRange(["--domain", Domain, "--region", Region, "--account", Account, "--engine", Engine]);
        foreach (var path in AllowedHostPaths)
        {
            arguments.AddRange(["--allow-host-path", path]);
        }

        if (AddressPool is not null)
        {
            arguments.AddRange(["--address-pool", AddressPool]);
        }

        foreach (var network in TrustedProxies)
        {
            arguments.AddRange(["--trusted-proxy", network]);
        }

        if (RedirectsToHttps)
        {
            arguments.Add("--https-redirect");
        }

        if (Program is not null)
        {
            arguments.AddRange(["--program", Program]);
        }

        if (Json)
        {
            arguments.Add("--json");
        }

        return arguments;
    }

    internal static ListenAddress? ParseOptional(string text) => text == SupervisorDefaults.Nowhere ? null : ListenAddress.Parse(text);
}
