namespace Sanbashi.ControlPlane;

/// <summary>What the control plane is started with.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>The folder that holds all state.</summary>
    public required string StateDirectory { get; init; }

    public required string Version { get; init; }

    /// <summary>Inherited listening sockets for the API; when empty, <see cref="ApiListen"/> is bound.</summary>
    public IReadOnlyList<ulong> ApiListenHandles { get; init; } = [];

    /// <summary>Addresses <c>host:port</c> for the API. Default 127.0.0.1:4600.</summary>
    public IReadOnlyList<string> ApiListen { get; init; } = ["127.0.0.1:4600"];

    /// <summary>Services are reached below this name. Default sanbashi.localhost.</summary>
    public string Domain { get; init; } = "sanbashi.localhost";

    /// <summary>Region for clients that name none. Default local-1.</summary>
    public string DefaultRegion { get; init; } = "local-1";

    /// <summary>12 digits. Default 000000000000.</summary>
    public string Account { get; init; } = "000000000000";

    /// <summary>Default unix:///var/run/docker.sock.</summary>
    public string EngineSocket { get; init; } = "unix:///var/run/docker.sock";

    /// <summary>Null: a SQLite file in the state folder.</summary>
    public string? StoreUrl { get; init; }

    /// <summary>The gateway's public ports, for URLs. Defaults 8080 and 8443.</summary>
    public int HttpPort { get; init; } = 8080;

    public int HttpsPort { get; init; } = 8443;

    /// <summary>Host folders that services may mount (prefixes); empty: none. An operator's decision.</summary>
    public IReadOnlyList<string> AllowedHostPaths { get; init; } = [];

    /// <summary>Subnets for instances are taken from here. Default 10.213.0.0/16.</summary>
    public string AddressPool { get; init; } = "10.213.0.0/16";

    /// <summary>Names the command that prints the key of the secrets.</summary>
    public const string SecretsKeyCommandVariable = "SANBASHI_SECRETS_KEY_COMMAND";

    /// <summary>Prints the key that seals secrets; null: a file in the state folder, unless systemd passes a credential.</summary>
    public string? SecretsKeyCommand { get; init; }

    /// <summary>Names the endpoints and programs that may rotate secrets, with blanks between them.</summary>
    public const string RotatorsVariable = "SANBASHI_ROTATORS";

    /// <summary>Endpoints (URLs) and programs (paths) that may rotate secrets, with everything below each; empty: the built-in rotators only. An operator's decision.</summary>
    public IReadOnlyList<string> AllowedRotators { get; init; } = [];

    public string GatewaySocket => Path.Combine(StateDirectory, "run", "gateway.sock");

    public string LogDirectory => Path.Combine(StateDirectory, "logs");

    public string CertificateDirectory => Path.Combine(StateDirectory, "certificates");
}
