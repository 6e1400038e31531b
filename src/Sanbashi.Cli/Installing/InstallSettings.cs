using System.Text.Json;
using System.Text.Json.Serialization;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Installing;

/// <summary>
/// What an installed platform is started with. Kept beside the environment, so that a later <c>install</c>, with a newer version, changes only what it
/// is told to change. Null: the default. A store is not here, because its address may hold a password.
/// </summary>
internal sealed record InstallSettings
{
    public const string FilePath = "/etc/sanbashi/install.json";
    public const string DefaultApi = "127.0.0.1:4600";
    public const string DefaultHttp = "80";
    public const string DefaultHttps = "443";

    public string? Listen { get; init; }

    public string? Http { get; init; }

    public string? Https { get; init; }

    /// <summary>Null: nowhere.</summary>
    public string? H2c { get; init; }

    public string? Domain { get; init; }

    public string? Region { get; init; }

    public string? Account { get; init; }

    public string? Engine { get; init; }

    public IReadOnlyList<string>? AllowHostPaths { get; init; }

    public string? AddressPool { get; init; }

    public IReadOnlyList<string>? TrustedProxies { get; init; }

    public bool? HttpsRedirect { get; init; }

    /// <summary>What an earlier run was told; nothing when there was none.</summary>
    public static InstallSettings Load(string path)
    {
        if (!File.Exists(path))
        {
            return new InstallSettings();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), InstallJsonContext.Default.InstallSettings) ?? new InstallSettings();
        }
        catch (JsonException failure)
        {
            throw new CliException(ExitCodes.Failed, $"{path} does not hold the settings of an earlier 'sanbashi install': {failure.Message} Mend it or remove it.", failure);
        }
    }

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, InstallJsonContext.Default.InstallSettings) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>These where they are given, else those of before.</summary>
    public InstallSettings Over(InstallSettings before) => new()
    {
        Listen = Listen ?? before.Listen,
        Http = Http ?? before.Http,
        Https = Https ?? before.Https,
        H2c = H2c == SupervisorDefaults.Nowhere ? null : H2c ?? before.H2c,
        Domain = Domain ?? before.Domain,
        Region = Region ?? before.Region,
        Account = Account ?? before.Account,
        Engine = Engine ?? before.Engine,
        AllowHostPaths = AllowHostPaths ?? before.AllowHostPaths,
        AddressPool = AddressPool ?? before.AddressPool,
        TrustedProxies = TrustedProxies ?? before.TrustedProxies,
        HttpsRedirect = HttpsRedirect ?? before.HttpsRedirect,
    };

    /// <summary>The arguments of <c>up</c>, but for where to listen.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        "--domain", Domain ?? SupervisorDefaults.Domain,
        .. Given("--region", Region),
        .. Given("--account", Account),
        .. Given("--engine", Engine),
        .. (AllowHostPaths ?? []).SelectMany(path => Given("--allow-host-path", path)),
        .. Given("--address-pool", AddressPool),
        .. (TrustedProxies ?? []).SelectMany(network => Given("--trusted-proxy", network)),
        .. HttpsRedirect == true ? ["--https-redirect"] : Array.Empty<string>(),
    ];

    private static string[] Given(string option, string? value) => value is null ? [] : [option, value];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(InstallSettings))]
internal sealed partial class InstallJsonContext : JsonSerializerContext;
