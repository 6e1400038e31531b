using System.CommandLine;
using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi up</c>: checks its arguments and becomes the supervisor.</summary>
internal static class UpCommand
{
    private static readonly Option<string[]> _listen = new("--listen")
    {
        Description = $"Where the API and the console listen; may be repeated. Anything but loopback lets others reach the API (calls are signed). Default {SupervisorDefaults.Api}.",
        HelpName = "ADDRESS:PORT",
    };

    private static readonly Option<string?> _http = Address("--http", SupervisorDefaults.Http, "Where services' HTTP comes in; 'none' for nowhere.");

    private static readonly Option<string?> _https = Address("--https", SupervisorDefaults.Https, "Where services' HTTPS comes in, with a certificate of the local authority; 'none' for nowhere.");

    private static readonly Option<string?> _cleartextHttp2 = Address("--h2c", SupervisorDefaults.Nowhere, "Where cleartext HTTP/2 with prior knowledge comes in (gRPC without TLS).");

    private static readonly Option<string?> _domain = Text("--domain", SupervisorDefaults.Domain, "NAME", "Services are reached below this name. 127.0.0.1.sslip.io-style names resolve in every program, *.localhost only in browsers and curl.");

    private static readonly Option<string?> _account = Text("--account", SupervisorDefaults.Account, "DIGITS", "The twelve digits of the account in ARNs.");

    private static readonly Option<string?> _engine = new("--engine")
    {
        Description = $"The container engine's socket: Docker Engine 20.10 or newer, or Podman's compatible one. Default: $DOCKER_HOST, else {SupervisorDefaults.Engine}.",
        HelpName = "URL",
    };

    private static readonly Option<string?> _store = new("--store")
    {
        Description = $"Where state is stored: postgres://USER:PASSWORD@HOST/DATABASE for PostgreSQL. ${SupervisorDefaults.StoreVariable} does the same and keeps a password out of the process list. Default: SQLite in the state folder.",
        HelpName = "URL",
    };

    private static readonly Option<string[]> _allowHostPath = new("--allow-host-path")
    {
        Description = "A host folder that services may mount with the 'volume' setting, with everything below it; may be repeated. Default: none.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> _addressPool = new("--address-pool")
    {
        Description = "The network that instances' subnets are taken from. Default 10.213.0.0/16.",
        HelpName = "CIDR",
    };

    private static readonly Option<bool> _detach = new("--detach", "-d")
    {
        Description = "Run in the background; returns when the platform answers. When it runs already that is fine too.",
    };

    private static readonly Option<bool> _upgrade = new("--upgrade")
    {
        Description = "Replace the processes of the running platform by ones of this version, on the same sockets, without losing a request.",
    };

    public static Command Create()
    {
        var command = new Command("up", "Starts the platform: a supervisor that owns the listening sockets, and a control plane and a gateway that it keeps running.")
        {
            _listen, _http, _https, _cleartextHttp2, _domain, _account, _engine, _store, _allowHostPath, _addressPool, _detach, _upgrade,
        };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Options(parsed);
        if (parsed.GetValue(_upgrade))
        {
            return await Upgrade(options.StateDirectory, cancellationToken);
        }

        if (await SupervisorClient.Status(options.StateDirectory, cancellationToken) is { } running)
        {
            Console.Error.WriteLine($"A platform runs already on {running.State} (pid {running.Pid}): {string.Join(", ", running.Api)}");
            return parsed.GetValue(_detach) ? ExitCodes.Success : ExitCodes.Conflict;
        }

        var environment = new Dictionary<string, string?>();
        if (parsed.GetValue(_store) is { } store)
        {
            environment[SupervisorDefaults.StoreVariable] = store;
        }

        PlatformPaths.Prepare(options.StateDirectory);
        await EngineCheck.Warn(options.Engine, cancellationToken);
        if (parsed.GetValue(_detach))
        {
            return await DetachedStart.Run(options, environment, parsed.GetValue(GlobalOptions.Json), cancellationToken);
        }

        Native.Spawn.Replace(Environment.ProcessPath!, [SupervisorProcess.Name, .. options.ToArguments()], environment);
        return ExitCodes.Failed;
    }

    private static async Task<int> Upgrade(string state, CancellationToken cancellationToken)
    {
        var answer = await SupervisorClient.Ask(state, $"{ControlProtocol.Upgrade} {Environment.ProcessPath}", Console.Error.WriteLine, cancellationToken)
            ?? throw new CliException(ExitCodes.Unreachable, $"No platform runs on {state}, so there is nothing to upgrade. Start it: sanbashi up");
        Console.Error.WriteLine(answer);
        return ExitCodes.Success;
    }

    private static SupervisorOptions Options(ParseResult parsed)
    {
        var account = parsed.GetValue(_account) ?? SupervisorDefaults.Account;
        if (account.Length != 12 || !account.All(char.IsAsciiDigit))
        {
            throw new FormatException($"--account {account} is not twelve digits, for example {SupervisorDefaults.Account}.");
        }

        var listen = parsed.GetValue(_listen) is { Length: > 0 } given ? given : [SupervisorDefaults.Api];
        return new SupervisorOptions
        {
            StateDirectory = parsed.GetValue(GlobalOptions.State) is { Length: > 0 } state ? Path.GetFullPath(state) : PlatformPaths.DefaultState(),
            Api = [.. listen.Select(ListenAddress.Parse)],
            Http = SupervisorOptions.ParseOptional(parsed.GetValue(_http) ?? SupervisorDefaults.Http),
            Https = SupervisorOptions.ParseOptional(parsed.GetValue(_https) ?? SupervisorDefaults.Https),
            CleartextHttp2 = SupervisorOptions.ParseOptional(parsed.GetValue(_cleartextHttp2) ?? SupervisorDefaults.Nowhere),
            Domain = (parsed.GetValue(_domain) ?? SupervisorDefaults.Domain).ToLowerInvariant(),
            Region = parsed.GetValue(GlobalOptions.Region) ?? SupervisorDefaults.Region,
            Account = account,
            Engine = EngineCheck.Choose(parsed.GetValue(_engine)),
            AllowedHostPaths = [.. (parsed.GetValue(_allowHostPath) ?? []).Select(Path.GetFullPath)],
            AddressPool = parsed.GetValue(_addressPool),
            Json = parsed.GetValue(GlobalOptions.Json),
        };
    }

    private static Option<string?> Address(string name, string fallback, string description) => Text(name, fallback, "ADDRESS:PORT", description);

    private static Option<string?> Text(string name, string fallback, string valueName, string description) => new(name)
    {
        Description = $"{description} Default {fallback}.",
        HelpName = valueName,
    };
}
