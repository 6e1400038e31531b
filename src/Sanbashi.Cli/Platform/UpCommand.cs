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

    private static readonly Option<bool> _detach = new("--detach", "-d")
    {
        Description = "Run in the background; returns when the platform answers. When it runs already that is fine too.",
    };

    private static readonly Option<bool> _upgrade = new("--upgrade")
    {
        Description = "Replace the control plane and the gateway of the running platform by ones of this version, on the same sockets, without losing a request. Its options and its supervisor stay; only a restart replaces those.",
    };

    public static Command Create()
    {
        var command = new Command("up", "Starts the platform: a supervisor that owns the listening sockets, and a control plane and a gateway that it keeps running.")
        {
            _listen, _http, _https, _cleartextHttp2,
        };
        foreach (var option in (IEnumerable<Option>)[.. PlatformSettings.All, _detach, _upgrade])
        {
            command.Options.Add(option);
        }

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
        if (parsed.GetValue(PlatformSettings.Store) is { } store)
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
        var listen = parsed.GetValue(_listen) is { Length: > 0 } given ? given : [SupervisorDefaults.Api];
        return new SupervisorOptions
        {
            StateDirectory = parsed.GetValue(GlobalOptions.State) is { Length: > 0 } state ? Path.GetFullPath(state) : PlatformPaths.DefaultState(),
            Api = [.. listen.Select(ListenAddress.Parse)],
            Http = SupervisorOptions.ParseOptional(parsed.GetValue(_http) ?? SupervisorDefaults.Http),
            Https = SupervisorOptions.ParseOptional(parsed.GetValue(_https) ?? SupervisorDefaults.Https),
            CleartextHttp2 = SupervisorOptions.ParseOptional(parsed.GetValue(_cleartextHttp2) ?? SupervisorDefaults.Nowhere),
            Domain = PlatformSettings.DomainOf(parsed) ?? SupervisorDefaults.Domain,
            Region = parsed.GetValue(GlobalOptions.Region) ?? SupervisorDefaults.Region,
            Account = PlatformSettings.AccountOf(parsed) ?? SupervisorDefaults.Account,
            Engine = EngineCheck.Choose(parsed.GetValue(PlatformSettings.Engine)),
            AllowedHostPaths = PlatformSettings.AllowedHostPaths(parsed),
            AddressPool = parsed.GetValue(PlatformSettings.AddressPool),
            TrustedProxies = PlatformSettings.TrustedProxies(parsed),
            RedirectsToHttps = parsed.GetValue(PlatformSettings.HttpsRedirect) ?? false,
            Json = parsed.GetValue(GlobalOptions.Json),
        };
    }

    private static Option<string?> Address(string name, string fallback, string description) => new(name)
    {
        Description = $"{description} Default {fallback}.",
        HelpName = "ADDRESS:PORT",
    };
}
