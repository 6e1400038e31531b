using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>The load must itself be right: it counts no failure where there is none, and every one where there is.</summary>
public sealed class LoadGeneratorTests
{
    [Fact]
    public async Task Load_OnAnApplicationThatStaysAndThenDies_CountsFailuresOnlyAfterwards()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.BuildOutput("Sanbashi.TestApp"), "Sanbashi.TestApp.dll")]) { RedirectStandardOutput = true };
        start.Environment["PORT"] = $"{port}";
        start.Environment["APP_VERSION"] = "alone";
        start.Environment["QUIET"] = "1";
        using var app = Process.Start(start)!;
        try
        {
            while (await app.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("listening", StringComparison.Ordinal))
            {
            }

            await using var load = await LoadGenerator.Start($"127.0.0.1:{port}", "any.host");
            await load.GoOn(300);
            load.Report.ShouldHaveNoFailures();
            load.Report.Versions.Keys.ShouldBe(["alone"]);

            app.Kill();

            await Eventually.Get(() => Task.FromResult(load.Report), report => report.Failures.Any(failure => failure.IsRefused));
        }
        finally
        {
            app.Kill();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
