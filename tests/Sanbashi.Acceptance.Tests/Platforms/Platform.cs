using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>A platform that runs for tests, and every way to talk to it: signed calls, the real <c>aws</c>, the command line, and the gateway.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly PlatformOptions _options;
    private readonly string _program;
    private readonly string? _ownFolder;
    private PlatformProcess? _process;

    private Platform(PlatformOptions options, string program)
    {
        _options = options;
        _program = program;
        _ownFolder = options.StateDirectory is null ? Directory.CreateTempSubdirectory("sanbashi-acceptance-").FullName : null;
        State = options.StateDirectory ?? Path.Combine(_ownFolder!, "state");
        EngineApi = new EngineApi(options.Engine);
    }

    public string State { get; }

    /// <summary>Its documents: the address of a database, else a file.</summary>
    public string Store => _options.Store ?? Path.Combine(State, "sanbashi.db");

    public EngineApi EngineApi { get; }

    /// <summary>Where the API answers.</summary>
    public Uri ApiUrl { get; private set; } = null!;

    /// <summary>Where services' HTTP comes in, <c>host:port</c>.</summary>
    public string Http { get; private set; } = null!;

    public string Https { get; private set; } = null!;

    public string CleartextHttp2 { get; private set; } = null!;

    public int HttpPort => int.Parse(Http[(Http.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    public PlatformApi Api { get; private set; } = null!;

    public AwsCli Aws { get; private set; } = null!;

    public GatewayClient Gateway { get; private set; } = null!;

    /// <summary>What its processes printed.</summary>
    public string Output => _process?.Output ?? "";

    public static async Task<Platform> Start(PlatformOptions? options = null)
    {
        var platform = new Platform(options ?? new PlatformOptions(), await SanbashiProgram.Path);
        try
        {
            await platform.Up();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, again on the same addresses after a stop.</summary>
    public async Task Up()
    {
        const string AnyPort = "127.0.0.1:0";
        string[] addresses =
        [
            "--listen", ApiUrl is null ? AnyPort : ApiUrl.Authority, "--http", Http ?? AnyPort, "--https", Https ?? AnyPort, "--h2c", CleartextHttp2 ?? AnyPort,
        ];
        (_process, var status) = await PlatformProcess.Start(
            _program, _options.Environment, ["--state", State, "--engine", _options.Engine, "--region", _options.Region, .. addresses, .. StoreArguments, .. _options.Arguments]);
        ApiUrl = new Uri((string)status["api"]![0]!);
        (Http, Https, CleartextHttp2) = ((string)status["http"]!, (string)status["https"]!, (string)status["h2c"]!);
        var credential = CredentialsFile.Read(Path.Combine(State, "credentials"));
        Api?.Dispose();
        Gateway?.Dispose();
        Api = new PlatformApi(ApiUrl, credential, _options.Region);
        Aws = new AwsCli(ApiUrl, credential, _options.Region);
        Gateway = new GatewayClient(Http);
    }

    /// <summary>Stops its processes; what it made in the engine stays.</summary>
    public async Task Stop()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary><c>sanbashi</c> with this platform's state.</summary>
    public Task<CommandResult> Cli(params string[] arguments) => CliWithInput(null, arguments);

    public Task<CommandResult> CliWithInput(string? input, params string[] arguments) =>
        Command.Run(
            _program,
            [.. arguments[..1], "--state", State, .. arguments[1..]],
            new Dictionary<string, string?> { ["SANBASHI_STATE"] = State, ["SANBASHI_STORE"] = _options.Store, ["DOCKER_HOST"] = _options.Engine },
            input);

    /// <summary>What <c>sanbashi status --json</c> says.</summary>
    public async Task<JsonNode> Status() => JsonNode.Parse((await Cli("status", "--json")).ShouldSucceed().Output)!;

    /// <summary>The process of a role: <c>control-plane</c> or <c>gateway</c>; null while it is down.</summary>
    public async Task<int?> ProcessId(string role) => (int?)await Role(role, "pid");

    public async Task<string?> Phase(string role) => (string?)await Role(role, "phase");

    /// <summary>kill -9 of a role; answers the process that was killed.</summary>
    public async Task<int> Kill(string role)
    {
        var id = await Eventually.Get(() => ProcessId(role), pid => pid is not null);
        (await Command.Run("/bin/kill", ["-KILL", $"{id}"])).ShouldSucceed();
        return id!.Value;
    }

    /// <summary>Waits until another process than the one given fills the role and is ready.</summary>
    public Task WaitForSuccessor(string role, int former) =>
        Eventually.True(async () => await ProcessId(role) is { } id && id != former && await Phase(role) == "ready");

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Api?.Dispose();
        Gateway?.Dispose();
        if (_ownFolder is not null)
        {
            await EngineLeftovers.Remove(EngineApi, Store);
            Directory.Delete(_ownFolder, recursive: true);
        }

        EngineApi.Dispose();
    }

    private string[] StoreArguments => _options.Store is { } store ? ["--store", store] : [];

    private async Task<JsonNode?> Role(string role, string member) =>
        (await Status())["processes"]!.AsArray().Single(process => (string?)process!["name"] == role)![member];
}
