using System.Globalization;
using Sanbashi.Cli.Supervision;
using Sanbashi.ControlPlane;

namespace Sanbashi.Cli.Platform;

/// <summary>The hidden command <c>control-plane</c>.</summary>
internal static class ControlPlaneProcess
{
    public static int Run(IReadOnlyList<string> arguments)
    {
        var given = new RawArguments(
            arguments,
            ["--state", "--domain", "--region", "--account", "--engine", "--store", "--http-port", "--https-port", "--allow-host-path", "--address-pool", "--api-fd"],
            []);
        return ChildHost.Run(PlatformRecipes.ControlPlaneName, [.. given.All("--api-fd")], link => Serve(given, link));
    }

    private static Task Serve(RawArguments given, ChildLink link)
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
            StoreUrl = given.All("--store").LastOrDefault(),
            HttpPort = int.Parse(given.Get("--http-port"), CultureInfo.InvariantCulture),
            HttpsPort = int.Parse(given.Get("--https-port"), CultureInfo.InvariantCulture),
            AllowedHostPaths = [.. given.All("--allow-host-path")],
        };
        if (given.All("--address-pool").LastOrDefault() is { } pool)
        {
            options = options with { AddressPool = pool };
        }

        return ControlPlaneHost.Run(options, () => link.Say(SupervisorLink.Ready), link.Stopping);
    }
}
