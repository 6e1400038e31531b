using System.Globalization;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane;
using Sanbashi.Storage;

namespace Sanbashi.Cli.Platform;

/// <summary>The hidden command <c>control-plane</c>.</summary>
internal static class ControlPlaneProcess
{
    public static int Run(IReadOnlyList<string> arguments)
    {
        var given = new RawArguments(
            arguments,
            ["--state", "--domain", "--region", "--account", "--engine", "--http-port", "--https-port", "--api-fd", "--allow-host-path", "--address-pool"],
            []);
        return ChildHost.Run(PlatformRecipes.ControlPlaneName, given.All("--api-fd"), link => Serve(Options(given), link));
    }

    private static async Task Serve(ControlPlaneOptions options, ChildLink link)
    {
        try
        {
            await ControlPlaneHost.Run(options, () => link.Say(SupervisorLink.Ready), () => link.Say(SupervisorLink.Standby), link.Stopping);
        }
        catch (StoreException refused)
        {
            // Said in full on the link; the trace in the log is for those who look further.
            link.Refuse(refused.Message);
            throw;
        }
    }

    private static ControlPlaneOptions Options(RawArguments given)
    {
        var options = new ControlPlaneOptions
        {
            StateDirectory = given.Get("--state"),
            Version = ProductVersion.Text,
            ApiListenHandles = [.. given.All("--api-fd").Select(fd => ulong.Parse(fd, CultureInfo.InvariantCulture))],
            Domain = given.Get("--domain"),
            DefaultRegion = given.Get("--region"),
            Account = given.Get("--account"),
            EngineSocket = given.Get("--engine"),
            StoreUrl = Environment.GetEnvironmentVariable(SupervisorDefaults.StoreVariable) is { Length: > 0 } store ? store : null,
            SecretsKeyCommand = Environment.GetEnvironmentVariable(ControlPlaneOptions.SecretsKeyCommandVariable) is { Length: > 0 } command ? command : null,
            HttpPort = int.Parse(given.Get("--http-port"), CultureInfo.InvariantCulture),
            HttpsPort = int.Parse(given.Get("--https-port"), CultureInfo.InvariantCulture),
            AllowedRotators = (Environment.GetEnvironmentVariable(ControlPlaneOptions.RotatorsVariable) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            AllowedHostPaths = given.All("--allow-host-path"),
        };
        return given.Find("--address-pool") is { } pool ? options with { AddressPool = pool } : options;
    }
}
