using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane.Certificates;
using Sanbashi.ControlPlane.Hosting;
using Sanbashi.Gateway;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Hosting;

namespace Sanbashi.Cli.Platform;

/// <summary>The hidden command <c>gateway</c>.</summary>
internal static class GatewayProcess
{
    // The certificate's renewal has four months of room; looking twice a day costs nothing and survives any outage.
    private static readonly TimeSpan _certificateLook = TimeSpan.FromHours(12);

    public static int Run(IReadOnlyList<string> arguments)
    {
        var given = new RawArguments(arguments, ["--state", "--domain", "--http-fd", "--https-fd", "--h2c-fd", "--trusted-proxy", "--https-redirect"], []);
        IReadOnlyList<string> inherited = [.. given.All("--http-fd"), .. given.All("--https-fd"), .. given.All("--h2c-fd")];
        return ChildHost.Run(PlatformRecipes.GatewayName, inherited, link => Serve(given, link));
    }

    private static async Task Serve(RawArguments given, ChildLink link)
    {
        var state = given.Get("--state");
        var authority = new LocalAuthority(PlatformPaths.Certificates(state), given.Get("--domain"), TimeProvider.System);
        authority.Ensure();
        using var loggers = LoggerFactory.Create(ConsoleLogging.Configure);
        using var renewal = TimeProvider.System.CreateTimer(_ => Renew(authority, loggers), null, _certificateLook, _certificateLook);
        var options = new GatewayOptions
        {
            Listeners =
            [
                .. Listeners(given, "--http-fd", ListenerKind.Http),
                .. Listeners(given, "--https-fd", ListenerKind.Https),
                .. Listeners(given, "--h2c-fd", ListenerKind.CleartextHttp2),
            ],
            ControlSocketPath = Path.Combine(state, "run", "gateway.sock"),
            SnapshotPath = Path.Combine(state, "gateway", "routes.json"),
            LogFolder = Path.Combine(state, "logs"),
            Certificates = [new CertificateFiles(authority.CertificatePath, authority.KeyPath)],
            TrustedProxies = [.. given.All("--trusted-proxy").Select(IPNetwork.Parse)],
            RedirectToHttpsPort = given.Find("--https-redirect") is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(options.SnapshotPath)!);
        await using var gateway = await GatewayHost.Start(options, loggers, TimeProvider.System, link.Stopping);
        link.Say(SupervisorLink.Ready);
        await link.UntilStopping();
        await gateway.Stop(link.IsRetired ? SupervisorDefaults.HandOverDrain : GatewayDefaults.DrainTimeout, link.Hurrying);
    }

    private static void Renew(LocalAuthority authority, ILoggerFactory loggers)
    {
        try
        {
            authority.Ensure();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            PlatformLog.CertificateNotRenewed(loggers.CreateLogger("Sanbashi.Certificates"), authority.CertificatePath, failure);
        }
    }

    private static IEnumerable<GatewayListener> Listeners(RawArguments given, string option, ListenerKind kind) =>
        given.All(option).Select(fd => GatewayListener.Inherited(kind, ulong.Parse(fd, CultureInfo.InvariantCulture)));
}
