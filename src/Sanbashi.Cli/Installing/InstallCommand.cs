using System.CommandLine;
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

    private static readonly Option<string?> _listen = Address("--listen", InstallOptions.DefaultApi, "Where the API and the console listen.");

    private static readonly Option<string?> _http = Address("--http", InstallOptions.DefaultHttp, "Where services' HTTP comes in; a bare port means every address.");

    private static readonly Option<string?> _https = Address("--https", InstallOptions.DefaultHttps, "Where services' HTTPS comes in; a bare port means every address.");

    private static readonly Option<string?> _domain = new("--domain")
    {
        Description = $"Services are reached below this name. Default {SupervisorDefaults.Domain}.",
        HelpName = "NAME",
    };

    public static Command Create()
    {
        var command = new Command(
            "install",
            "Installs the platform for good, as root: program in /opt/sanbashi, state in /var/lib/sanbashi, systemd units with sockets on ports 80, 443 and 4600, and a group 'sanbashi' whose members may use the API. Run it again with a newer version to upgrade.")
        {
            _root, _listen, _http, _https, _domain,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new InstallOptions(
                Path.GetFullPath(parsed.GetValue(_root) ?? "/"),
                parsed.GetValue(_listen) ?? InstallOptions.DefaultApi,
                parsed.GetValue(_http) ?? InstallOptions.DefaultHttp,
                parsed.GetValue(_https) ?? InstallOptions.DefaultHttps,
                (parsed.GetValue(_domain) ?? SupervisorDefaults.Domain).ToLowerInvariant());
            return new Installer(options, Console.Error.WriteLine).Run(cancellationToken);
        });
        return command;
    }

    private static Option<string?> Address(string name, string fallback, string description) => new(name)
    {
        Description = $"{description} Default {fallback}.",
        HelpName = "ADDRESS:PORT",
    };
}
