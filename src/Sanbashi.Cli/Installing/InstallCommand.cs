using System.CommandLine;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Installing;

/// <summary><c>sanbashi install</c>.</summary>
internal static class InstallCommand
{
    private static readonly Option<string?> _root = new("--root")
    {
        Description = "Write everything below this folder and start nothing (for packages). Default /.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> _listen = Address("--listen", InstallSettings.DefaultApi, "Where the API and the console listen.");

    private static readonly Option<string?> _http = Address("--http", InstallSettings.DefaultHttp, "Where services' HTTP comes in; a bare port means every address.");

    private static readonly Option<string?> _https = Address("--https", InstallSettings.DefaultHttps, "Where services' HTTPS comes in; a bare port means every address.");

    private static readonly Option<string?> _cleartextHttp2 = Address(
        "--h2c", SupervisorDefaults.Nowhere, "Where cleartext HTTP/2 with prior knowledge comes in (gRPC without TLS); a bare port means every address.");

    public static Command Create()
    {
        var command = new Command(
            "install",
            "Installs the platform for good, as root: program in /opt/sanbashi, state in /var/lib/sanbashi, systemd units with sockets on ports 80, 443 and 4600, and a group 'sanbashi' whose members may use the API. Run it again with a newer version to upgrade, or with other options to change them; what is not given stays as it was.")
        {
            _root, _listen, _http, _https, _cleartextHttp2,
        };
        foreach (var option in PlatformSettings.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
        {
            var root = Path.GetFullPath(parsed.GetValue(_root) ?? "/");
            var options = new InstallOptions(root, Given(parsed).Over(InstallSettings.Load(Path.Combine(root, InstallSettings.FilePath.TrimStart('/')))));
            return new Installer(options, parsed.GetValue(PlatformSettings.Store), Console.Error.WriteLine).Run(cancellationToken);
        });
        return command;
    }

    private static InstallSettings Given(ParseResult parsed) => new()
    {
        Listen = parsed.GetValue(_listen),
        Http = parsed.GetValue(_http),
        Https = parsed.GetValue(_https),
        H2c = parsed.GetValue(_cleartextHttp2),
        Domain = PlatformSettings.DomainOf(parsed),
        Region = parsed.GetValue(GlobalOptions.Region),
        Account = PlatformSettings.AccountOf(parsed),
        Engine = parsed.GetValue(PlatformSettings.Engine) is { } engine ? EngineCheck.Choose(engine) : null,
        AllowHostPaths = parsed.GetResult(PlatformSettings.AllowHostPath) is null ? null : PlatformSettings.AllowedHostPaths(parsed),
        AddressPool = parsed.GetValue(PlatformSettings.AddressPool),
        TrustedProxies = parsed.GetResult(PlatformSettings.TrustedProxy) is null ? null : PlatformSettings.TrustedProxies(parsed),
        HttpsRedirect = parsed.GetValue(PlatformSettings.HttpsRedirect),
    };

    private static Option<string?> Address(string name, string fallback, string description) => new(name)
    {
        Description = $"{description} Default {fallback}.",
        HelpName = "ADDRESS:PORT",
    };
}
